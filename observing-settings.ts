import { z } from "zod";
import { about } from "./setting.ts";

/** What operators see of operations, beside the log's own level. */
export const observingSettings = {
  operationLogLevel: z
    .enum(["error", "warn", "info", "debug", "trace"])
    .optional()
    .register(about, {
      env: "STATECART_OPERATION_LOG_LEVEL",
      description:
        "level of the line that every GraphQL operation leaves in the log (docs/operations.md; " +
        "by default `info` in production and `debug` else)",
    }),
  metricsToken: z
    .string()
    .regex(/^[\x21-\x7e]{32,}$/, "must have 32 characters or more, and no spaces")
    .optional()
    .register(about, {
      env: "STATECART_METRICS_TOKEN",
      description:
        "bearer token by which Prometheus may read `/metrics`; operators and services may with " +
        "their own (docs/operations.md)",
      secret: true,
    }),
};
