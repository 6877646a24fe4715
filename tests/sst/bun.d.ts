// SST's config type mentions Bun's shell, which we neither have nor use.
declare module "bun" {
  export type Shell = never;
}
