#!/usr/bin/env node
import 'reflect-metadata';
import { runCli } from './processes/cli/run-cli';

void runCli(process.argv.slice(2), process).then((code) => (process.exitCode = code));
