import type { Network, NetworkName, ProviderName } from "./provider.ts";

/** The networks by their public names, with what people call them and whose they are (ISO 3166-1). */
export const networks: Record<ProviderName, { readonly label: string; readonly country: string }> = {
  anaf: { label: "ANAF e-Factura", country: "RO" },
  xrechnung: { label: "XRechnung", country: "DE" },
  sdi: { label: "Sistema di Interscambio", country: "IT" },
  ksef: { label: "KSeF", country: "PL" },
  facturx: { label: "Factur-X", country: "FR" },
};

/** The networks that are driven by core/einvoicing/networks, each loaded when first asked for. */
const loaders: { readonly [Name in NetworkName]?: () => Promise<Network> } = {
  xrechnung: async () => (await import("./xrechnung/network.ts")).xrechnung,
  sdi: async () => (await import("./sdi/network.ts")).sdi,
  ksef: async () => (await import("./ksef/network.ts")).ksef,
  facturx: async () => (await import("./facturx/network.ts")).facturx,
};

/** The code of a network; undefined while this installation has none for it. */
export const findNetwork = async (name: NetworkName): Promise<Network | undefined> => loaders[name]?.();
