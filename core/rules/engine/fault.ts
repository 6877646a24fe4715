/**
 * Thrown where the official XPath would raise a dynamic error: a value that is no number, two values where one is
 * allowed. The official engine then has no verdict on the rule and ANAF refuses the file, so it counts as broken.
 * One object without a stack trace, because it says nothing but this.
 */
export const engineFault = Object.freeze({ name: "EngineFault" });
