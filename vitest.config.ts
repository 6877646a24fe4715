import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["core/**/*.test.ts", "infra/**/*.test.ts", "functions/**/*.test.ts", "tests/**/*.test.ts"] },
});
