export default $config({
  app: (input) => ({
    name: "storno",
    home: "aws",
    removal: input.stage === "production" ? "retain" : "remove",
    protect: input.stage === "production",
    providers: { aws: { region: "eu-central-1" } },
  }),
  async run() {
    const { api } = await import("./stacks/api.ts");
    await import("./stacks/workers.ts");
    await import("./stacks/schedules.ts");
    return { api: api.url };
  },
});
