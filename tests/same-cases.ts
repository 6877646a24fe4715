import * as fc from "fast-check";

// Property tests try the same cases in every run: what fails, fails again. SEED finds others.
fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 1) });
