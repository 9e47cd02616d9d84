import { Services } from './services';

declare global {
  var testServices: Services | undefined;
}

export default async function startServices(): Promise<void> {
  const services = new Services();
  try {
    await services.start();
  } catch (error) {
    await services.stop();
    throw error;
  }
  globalThis.testServices = services;
}
