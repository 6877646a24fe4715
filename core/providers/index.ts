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
const loaders: Readonly<Record<NetworkName, () => Promise<Network>>> = {
  xrechnung: async () => (await import("./xrechnung/network.ts")).xrechnung,
  sdi: async () => (await import("./sdi/network.ts")).sdi,
  ksef: async () => (await import("./ksef/network.ts")).ksef,
  facturx: async () => (await import("./facturx/network.ts")).facturx,
};

/** The code of a network. */
export const loadNetwork = (name: NetworkName): Promise<Network> => loaders[name]();
