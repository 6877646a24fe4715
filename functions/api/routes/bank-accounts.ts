import * as BankAccounts from "#core/companies/bank-accounts.ts";
import { wire } from "#core/model/wire.ts";
import { body, type CompanyEnv, Hono, inCompany, once, whole } from "../route.ts";

const view = (account: BankAccounts.BankAccount) => wire({ ...account, uuid: account.id, deletedAt: null });

export const bankAccounts = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => c.json(whole(c, (await BankAccounts.list(c.var.actor)).map(view))))
  .post("/", async (c) => {
    const input = await body(c, BankAccounts.NewBankAccount);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => view(await BankAccounts.create(actor, input)),
      again: async (actor, id) => view(await BankAccounts.get(actor, id)),
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, BankAccounts.BankAccountChanges);
    return c.json(view(await BankAccounts.update(c.var.actor, c.req.param("uuid"), changes)));
  })
  .delete("/:uuid", async (c) => {
    await BankAccounts.remove(c.var.actor, c.req.param("uuid"));
    return c.json({ message: "Bank account deleted" });
  });
