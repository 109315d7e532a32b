/** The runtime is handed in, not made by Nest, so that tests and the command line open it themselves. */
export const RUNTIME = Symbol('runtime');
/** `Metrics` of the running program. */
export const METRICS = Symbol('metrics');
/** `Screens` of the running program. */
export const SCREENS = Symbol('screens');
