export default async function globalTeardown(): Promise<void> {
  const { stopTestServer } = globalThis as unknown as { stopTestServer?: () => Promise<void> };
  await stopTestServer?.();
}
