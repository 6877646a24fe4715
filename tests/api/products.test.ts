import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decimalTextOf } from "#core/lib/decimal.ts";
import { startWithOutside, withCompany, type WithCompany } from "../with-company.ts";

let world: Awaited<ReturnType<typeof startWithOutside>>;
let owner: WithCompany;
beforeAll(async () => {
  world = await startWithOutside();
  owner = await withCompany(world.local);
});
afterAll(() => world.stop());

const products = "/api/v1/products";
const categories = "/api/v1/product-categories";
const plain = { name: "Cafea", unitOfMeasure: "kg", vatRate: "11", defaultPrice: 59.999999 };

describe("POST /api/v1/products", () => {
  it("201 with defaults; numbers or numeric text", async () => {
    const { status, body } = await owner.call("POST", products, {
      ...plain,
      color: "AABBCC",
      sgrAmount: "0.5",
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      defaultPrice: 59.999999,
      vatRate: 11,
      vatCategoryCode: "S",
      currency: "RON",
      usage: "both",
      isActive: true,
      isService: false,
      color: "#aabbcc",
      sgrAmount: 0.5,
      category: null,
      source: "manual",
    });
  });

  it("400 naming each missing or wrong field", async () => {
    const { status, body } = await owner.call("POST", products, { vatRate: "much", defaultPrice: 1.1234567 });
    expect(status).toBe(400);
    expect(Object.keys(body.errors).toSorted()).toEqual(["defaultPrice", "name", "unitOfMeasure", "vatRate"]);
  });

  it("drops a bad colour, deposit and category without a word, as documented", async () => {
    const { body } = await owner.call("POST", products, {
      ...plain,
      color: "red",
      sgrAmount: 1000,
      categoryId: "x",
    });
    expect(body).toMatchObject({ color: null, sgrAmount: null, categoryId: null });
  });
});

describe("PATCH and DELETE /api/v1/products/{uuid}", () => {
  it("changes what is given; null clears a code and leaves a name; the category follows the rate", async () => {
    const made = await owner.call("POST", products, { ...plain, code: "C1" });
    const path = `${products}/${made.body.id}`;
    const changed = await owner.call("PATCH", path, { code: null, name: null, isActive: false, vatRate: 0 });
    expect(changed.body).toMatchObject({
      code: null,
      name: "Cafea",
      isActive: false,
      vatRate: 0,
      vatCategoryCode: "Z",
    });
    const stranger = await withCompany(world.local);
    expect((await stranger.call("PATCH", path, { name: "Mine" })).status).toBe(404);
    expect((await owner.call("DELETE", path)).status).toBe(204);
    expect((await owner.call("GET", path)).status).toBe(404);
  });
});

describe("GET /api/v1/products", () => {
  it("searches, filters by state, kind and category, and sorts by price", async () => {
    const mine = await withCompany(world.local);
    const { body: category } = await mine.call("POST", categories, { name: "Băuturi", color: "#00FF00" });
    await mine.call("POST", products, { ...plain, name: "Apă", defaultPrice: 3, categoryId: category.id });
    await mine.call("POST", products, { ...plain, name: "Ceai", defaultPrice: 20, code: "T-1" });
    await mine.call("POST", products, {
      ...plain,
      name: "Degustare",
      defaultPrice: 100.5,
      isService: true,
      isActive: false,
    });
    const names = async (query: string) => {
      const { body } = await mine.call("GET", `${products}?${query}`);
      return body.data.map(({ name }: { name: string }) => name);
    };
    expect(await names("search=apa")).toEqual(["Apă"]);
    expect(await names("search=t-1")).toEqual(["Ceai"]);
    expect(await names("isActive=true&sort=name")).toEqual(["Apă", "Ceai"]);
    expect(await names("status=inactive")).toEqual(["Degustare"]);
    expect(await names("type=service")).toEqual(["Degustare"]);
    expect(await names("sort=priceHigh")).toEqual(["Degustare", "Ceai", "Apă"]);
    expect(await names(`categoryId=${category.id}`)).toEqual(["Apă"]);
    expect(await names("categoryId=none&sort=priceLow")).toEqual(["Ceai", "Degustare"]);
    const csv = await mine.call("GET", `${products}/export/csv`);
    expect(csv.body).toContain("Apă,,,kg,3,RON,11,S,Nu,Da,both");

    expect((await mine.call("DELETE", `${categories}/${category.id}`)).status).toBe(200);
    const { body } = await mine.call("GET", `${products}?search=apa`);
    expect(body.data[0].category).toBeNull();
  });

  it("deletes each of many by itself", async () => {
    const made = await owner.call("POST", products, plain);
    const { body } = await owner.call("POST", `${products}/bulk-delete`, { ids: [made.body.id, "none"] });
    expect(body).toEqual({ deleted: 1, errors: [{ id: "none", error: "Product not found." }] });
  });
});

describe("product categories", () => {
  it("are listed in their order, changed and removed; 400 without a name, 404 for another company", async () => {
    const mine = await withCompany(world.local);
    await mine.call("POST", categories, { name: "Zece", sortOrder: 1 });
    const made = await mine.call("POST", categories, { name: "Unu", color: "nope" });
    expect(made).toMatchObject({ status: 201, body: { color: null, sortOrder: 0 } });
    const { body } = await mine.call("GET", categories);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(["Unu", "Zece"]);
    const path = `${categories}/${made.body.id}`;
    expect((await mine.call("PATCH", path, { sortOrder: 5 })).body).toMatchObject({
      name: "Unu",
      sortOrder: 5,
    });
    expect((await mine.call("PATCH", path, { name: " " })).status).toBe(400);
    expect((await mine.call("POST", categories, {})).status).toBe(400);
    const stranger = await withCompany(world.local);
    expect((await stranger.call("PATCH", path, { name: "Mine" })).status).toBe(404);
    expect((await stranger.call("DELETE", path)).status).toBe(404);
  });
});

describe("a line of an invoice that arrived", () => {
  it("becomes one product of its supplier however often it is bought", async () => {
    const { findOrCreateProduct } = await import("#core/catalog/line-product.ts");
    const { commit } = await import("#core/store/commit.ts");
    const line = {
      description: "Hârtie",
      unitOfMeasure: "buc",
      unitPrice: decimalTextOf("12.5"),
      vatRate: decimalTextOf(21),
      vatCategoryCode: "S" as const,
      productCode: null,
      ncCode: null,
      cpvCode: null,
    };
    const first = await findOrCreateProduct(owner.company.id, "supplier", line, "RON");
    await commit(first.writes);
    const second = await findOrCreateProduct(
      owner.company.id,
      "supplier",
      { ...line, description: "HÂRTIE" },
      "RON",
    );
    expect(second).toMatchObject({
      existing: true,
      writes: [],
      entry: { id: first.entry.id, usage: "purchases" },
    });
  });
});
