/**
 * The face of Statecart: GraphQL over HTTP and WebSocket on one port. A request is authenticated,
 * bounded and validated, the same over both transports; a mutation becomes a command that says who
 * sent what and goes to the bus; queries and live feeds read the projections. The gateway decides
 * nothing about orders and products, asks neither MongoDB nor NATS itself, and shows a fault to
 * nobody. Break the default of denial in `schema/root-access.ts`, the viewer in `context.ts` or the
 * key of the hubs in `live/`, and somebody reads what is not theirs.
 */
export { openKeyRing } from "./auth/keys.ts";
export { createTokenVerifier } from "./auth/token.ts";
export { readTrustedDocuments, trustedManifest } from "./operations/trusted-documents.ts";
export { measuredBus } from "./metrics/measured-bus.ts";
export { createMetrics } from "./metrics/metrics.ts";
export type { Metrics } from "./metrics/metrics.ts";
export { startGateway } from "./start.ts";
export type { SystemVersions } from "./system.ts";
export type { TrafficLimits } from "./traffic/traffic.ts";
export type { Gateway, GatewayOptions } from "./start.ts";
export { chartText } from "./charts/chart.ts";
export type { ChartLayout } from "./charts/layout.ts";
export { boxOf, labelText, PADDING, TEXT } from "./charts/texts.ts";
