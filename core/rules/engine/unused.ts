import { nameNumber } from "../names.ts";

const LINES = ["cac:InvoiceLine", "cac:CreditNoteLine"];

/** One step down a tree of paths: what lies below by number of the element's name, and the rules that end here. */
export interface UnusedStep {
  readonly below: ReadonlyMap<number, UnusedStep>;
  readonly ids: readonly string[];
}

interface GrowingStep extends UnusedStep {
  readonly below: Map<number, GrowingStep>;
  readonly ids: string[];
}

const newStep = (): GrowingStep => ({ below: new Map(), ids: [] });

/** Some 640 forbidden paths as one tree, which an element is led down with its ancestors, however many paths there are. */
export class UnusedElements {
  /** Where the root element of a document stands. */
  readonly root: UnusedStep;
  /** Rule id → path, for messages and lists. */
  readonly paths: ReadonlyMap<string, string>;

  /** Lines like `001 ext:UBLExtensions`, from unused-elements.ts. */
  constructor(...tables: readonly string[]) {
    const rows = tables
      .flatMap((table) => table.trim().split("\n"))
      .map((row) => row.split(" ") as [string, string]);
    this.paths = new Map(rows.map(([number, path]) => [`UBL-CR-${number}`, path]));
    const root = newStep();
    for (const [number, path] of rows) {
      for (const line of path.startsWith("line/") ? LINES : ["line"])
        add(root, path.replace("line", line), `UBL-CR-${number}`);
    }
    this.root = root;
  }
}

function add(root: GrowingStep, path: string, id: string): void {
  let step = root;
  for (const name of path.split("/").map(nameNumber)) {
    let next = step.below.get(name);
    if (!next) step.below.set(name, (next = newStep()));
    step = next;
  }
  step.ids.push(id);
}
