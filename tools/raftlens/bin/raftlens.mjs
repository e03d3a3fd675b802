#!/usr/bin/env node
// A file of its own, because the package manager links the command before the build has made dist/.
import '../dist/src/main.js';
