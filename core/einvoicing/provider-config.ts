import { visibleCompany } from "#core/companies/access.ts";
import { type Actor, assertCan } from "#core/lib/actor.ts";
import { instant } from "#core/lib/clock.ts";
import { notFound } from "#core/lib/error.ts";
import { idFrom } from "#core/lib/ids.ts";
import { loadNetwork } from "#core/providers/index.ts";
import {
  type ConfigValues,
  isNetwork,
  type NetworkName,
  type ProviderName,
} from "#core/providers/provider.ts";
import { collection, type Stored } from "#core/store/collection.ts";
import { commit, untilCommitted } from "#core/store/commit.ts";
import { noticeUrl } from "./networks/notices.ts";
import { wakeHandovers } from "./networks/wake.ts";
import { open, seal } from "./vault.ts";

/** A company's credentials at a network other than ANAF, whose tokens are connections. Sealed as a whole. */
export interface ProviderConfig extends Stored {
  readonly provider: ProviderName;
  readonly enabled: boolean;
  readonly sealed: string;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

const configs = collection<ProviderConfig>({ kind: "network", what: "Configuration" });

const idOf = (companyId: string, provider: ProviderName): string =>
  idFrom(`${companyId}#network#${provider}`);

/** What a person may see of a configuration: its values are secrets. */
export interface ShownConfig {
  readonly id: string;
  readonly provider: ProviderName;
  readonly enabled: boolean;
  readonly maskedConfig: Record<string, string>;
  /** Where a network that calls its senders reaches this company; only for who may submit, since it is a secret. */
  readonly noticeUrl?: string;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

const valuesOf = (companyId: string, { sealed }: ProviderConfig): Record<string, string> =>
  JSON.parse(open(sealed, companyId)) as Record<string, string>;

async function shown(actor: Actor, companyId: string, config: ProviderConfig): Promise<ShownConfig> {
  const { id, provider, enabled, createdAt, updatedAt } = config;
  const masked = Object.entries(valuesOf(companyId, config)).map(([key, value]) => [key, mask(value)]);
  const maskedConfig = Object.fromEntries(masked) as Record<string, string>;
  const network = isNetwork(provider) ? await loadNetwork(provider) : undefined;
  const isTold = network?.readNotice && actor.permissions.has("efactura.submit");
  const address = isTold ? { noticeUrl: noticeUrl(companyId, network.name) } : {};
  return { id, provider, enabled, maskedConfig, ...address, createdAt, updatedAt };
}

/** Four stars and the last four characters; nothing of values that are as short as that. */
const mask = (value: string): string => (value.length <= 4 ? "****" : `****${value.slice(-4)}`);

/** What a company configured for a network, its secrets open; for the code that speaks to the network. */
export async function configOf(
  companyId: string,
  provider: ProviderName,
): Promise<{ values: ConfigValues; enabled: boolean } | undefined> {
  const config = await configs.find(companyId, idOf(companyId, provider));
  return config && { values: valuesOf(companyId, config), enabled: config.enabled };
}

/** The configurations of a company the actor sees. */
export async function listConfigs(actor: Actor, companyId: string): Promise<ShownConfig[]> {
  assertCan(actor, "efactura.view");
  await visibleCompany(actor, companyId);
  const all = await configs.all(companyId);
  return Promise.all(all.map((config) => shown(actor, companyId, config)));
}

export interface ConfigChanges {
  readonly provider: ProviderName;
  readonly enabled?: boolean | undefined;
  readonly config: Readonly<Record<string, string | null>>;
}

/** Makes or merges a configuration; an empty value keeps what is stored. */
export async function saveConfig(
  actor: Actor,
  companyId: string,
  changes: ConfigChanges,
): Promise<ShownConfig> {
  assertCan(actor, "efactura.submit");
  await visibleCompany(actor, companyId);
  const id = idOf(companyId, changes.provider);
  const saved = await untilCommitted(async () => {
    const before = await configs.find(companyId, id);
    const values = merged(before ? valuesOf(companyId, before) : {}, changes.config);
    const enabled = changes.enabled ?? before?.enabled ?? true;
    const sealed = seal(JSON.stringify(values), companyId);
    const write = before
      ? configs.replace(companyId, before, { ...before, enabled, sealed, updatedAt: instant() })
      : configs.insert(companyId, {
          id,
          provider: changes.provider,
          enabled,
          sealed,
          createdAt: instant(),
          updatedAt: null,
        });
    await commit([write]);
    return shown(actor, companyId, write.value);
  });
  const { organizationId } = actor;
  if (isNetwork(saved.provider)) await wakeHandovers({ organizationId, companyId }, saved.provider);
  return saved;
}

/** What of given values is new: what is empty keeps what is stored, and so does what comes back as it was shown. */
function newIn(given: ConfigChanges["config"], stored: ConfigValues): ConfigValues {
  const isNew = (entry: [string, string | null]): entry is [string, string] => {
    const [key, value] = entry;
    return Boolean(value) && !(stored[key] !== undefined && value === mask(stored[key]));
  };
  return Object.fromEntries(Object.entries(given).filter(isNew));
}

const merged = (stored: ConfigValues, given: ConfigChanges["config"]): ConfigValues => ({
  ...stored,
  ...newIn(given, stored),
});

/**
 * Tries credentials for a network without saving them: the ones given, over those that are stored. What is wrong with
 * them is an answer and no failure. Who may not change the configuration tries either what is stored or what he gives:
 * else he could have a stored secret sent to an address of his own.
 */
export async function tryConfig(
  actor: Actor,
  companyId: string,
  provider: NetworkName,
  given: ConfigChanges["config"],
): Promise<{ success: boolean; error: string | null }> {
  assertCan(actor, "efactura.view");
  await visibleCompany(actor, companyId);
  const [network, stored] = await Promise.all([loadNetwork(provider), configOf(companyId, provider)]);
  const values = stored?.values ?? {};
  const changes = newIn(given, values);
  const mayMix = actor.permissions.has("efactura.submit") || Object.keys(changes).length === 0;
  const transport = network.transport(mayMix ? { ...values, ...changes } : changes);
  return transport ? transport.test() : { success: false, error: network.withoutTransport };
}

/** Forgets a configuration with its secrets. */
export async function removeConfig(actor: Actor, companyId: string, provider: ProviderName): Promise<void> {
  assertCan(actor, "efactura.submit");
  await visibleCompany(actor, companyId);
  await untilCommitted(async () => {
    const config = await configs.find(companyId, idOf(companyId, provider));
    if (!config) throw notFound("Configuration");
    await commit([configs.remove(companyId, config)]);
  });
}
