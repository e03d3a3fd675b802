/** The names of zap's levels, by pino's numbers. */
export const ZAP_LEVELS = { debug: 20, info: 30, warn: 40, error: 50, dpanic: 60, panic: 60, fatal: 60 };

/** The names and letters that other loggers have for levels. */
export const LEVELS = {
  ...ZAP_LEVELS,
  trace: 10,
  notice: 30,
  warning: 40,
  critical: 60,
  T: 10,
  D: 20,
  I: 30,
  N: 30,
  W: 40,
  E: 50,
  C: 60,
  F: 60,
};
