// SST's real globals over its extracted platform, as its generated config.d.ts declares them.
import "./.sst/work/.sst/platform/src/global.d.ts";
import type { App, AppInput, Config } from "./.sst/work/.sst/platform/src/config";
import type * as pulumiAws from "@pulumi/aws";

declare global {
  interface Providers {
    providers?: { aws?: (pulumiAws.ProviderArgs & { package?: string; version?: string }) | string };
  }
  const $config: (
    input: Omit<Config, "app"> & { app(input: AppInput): Omit<App, "providers"> & Providers },
  ) => Config;
}
