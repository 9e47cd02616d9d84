// The least that answers with Nest: one module, one controller, the platform the product uses. In plain
// JavaScript, so that nothing but Nest is measured. Prints a line when it answers.
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');

class Hello {
  answer() {
    return { status: 'ok' };
  }
}
Get('readyz')(
  Hello.prototype,
  'answer',
  Object.getOwnPropertyDescriptor(Hello.prototype, 'answer'),
);
Controller()(Hello);

class App {}
Module({ controllers: [Hello] })(App);

async function main() {
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void main();
