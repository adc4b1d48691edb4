export class PortalConfig {
  /** Whether `/api/v1/webhooks` does anything here @example false */
  outgoing_webhooks_enabled: boolean;
}
