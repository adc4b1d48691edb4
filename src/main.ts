import 'reflect-metadata';
import { serverSettings } from './config/env';
import { createApp } from './create-app';

async function main(): Promise<void> {
  const app = await createApp();
  const { HOST, PORT } = serverSettings();
  await app.listen(PORT, HOST);
}

void main();
