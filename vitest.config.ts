import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // All cores: by itself the runner leaves one free, which on two halves the speed.
    maxWorkers: "100%",
    // Campaigns run side by side, as processes of their own; one of them mostly waits.
    maxConcurrency: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ["core/**/*.test.ts", "infra/**/*.test.ts", "functions/**/*.test.ts", "tests/**/*.test.ts"],
  },
});
