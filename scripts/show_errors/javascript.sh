#: javascript.module-not-found with node
echo 'require("lodash")' > app.js; node app.js
#: javascript.relative-module-not-found with node
echo 'require("./cart")' > app.js; node app.js
#: javascript.esm-package-not-found with node
echo 'import _ from "lodash"' > app.mjs; node app.mjs
#: javascript.import-outside-module with node
echo 'import fs from "fs"' > app.cjs; node app.cjs
#: javascript.require-in-module with node
echo '{"type": "module"}' > package.json; echo 'require("fs")' > app.js; node app.js
#: javascript.require-esm with node
echo 'require("./cart.mjs")' > app.cjs; echo 'export const a = 1' > cart.mjs; node --no-experimental-require-module app.cjs
#: javascript.named-export-missing with node
echo 'import { total } from "./cart.mjs"' > app.mjs; echo 'export const a = 1' > cart.mjs; node app.mjs
#: javascript.not-exported-path with node
mkdir -p node_modules/cart; echo '{"name": "cart", "exports": {".": "./i.js"}}' > node_modules/cart/package.json; echo 'require("cart/lib/x")' > app.js; node app.js
#: javascript.unknown-extension with node
echo '{"type": "module"}' > package.json; echo 'export const a = 1' > app.ts; node app.ts
#: javascript.not-defined with node
echo 'totl()' > app.js; node app.js
#: javascript.undefined-property with node
echo 'const cart = {}; cart.items.length' > app.js; node app.js
#: javascript.not-a-function with node
echo 'const cart = {}; cart.total()' > app.js; node app.js
#: javascript.syntax with node
echo 'const a = {' > app.js; node app.js
#: javascript.json with node
echo 'JSON.parse("<html>")' > app.js; node app.js
#: javascript.heap with node
echo 'const a = []; for (;;) a.push(new Array(1e5).fill(1.5))' > app.js; node --max-old-space-size=40 app.js 2>&1 | grep -v '^ *[0-9]*: 0x'
#: javascript.port-in-use with node
echo 'const n = require("net"); const s = n.createServer().listen(0, () => n.createServer().listen(s.address().port))' > app.js; timeout 5 node app.js
#: javascript.openssl with node
echo 'require("crypto").createHash("shop")' > a.js; echo 'require("crypto").createHash("md4")' > app.js; node app.js
#: javascript.file-not-found with node
echo 'require("fs").readFileSync("settings.json")' > app.js; node app.js
#: javascript.unhandled-rejection with node
echo 'Promise.reject("no price")' > app.js; node app.js
#: javascript.npm-missing-script with npm
echo '{"name": "shop", "scripts": {"test": "a"}}' > package.json; npm run buld
#: javascript.npm-no-package-json with npm
npm install
#: javascript.npm-package-json with npm
echo '{"name": "shop",}' > package.json; npm install
#: javascript.npm-ci-no-lock with npm
echo '{"name": "shop", "version": "1.0.0"}' > package.json; npm ci
#: javascript.npm-ci-out-of-sync with npm
echo '{"name": "shop", "version": "1.0.0"}' > package.json; npm install --package-lock-only >/dev/null 2>&1; echo '{"name": "shop", "version": "1.0.0", "dependencies": {"is-odd": "3.0.1"}}' > package.json; npm ci 2>&1 | grep -v 'npm warn'
#: javascript.npm-eresolve with npm
echo '{"name": "shop", "version": "1.0.0", "dependencies": {"react": "18.2.0", "react-dom": "17.0.2"}}' > package.json; npm install 2>&1 | grep -v 'npm warn'
#: javascript.npm-not-found with npm
echo '{"name": "shop", "version": "1.0.0"}' > package.json; npm install @shop-of-ada-none/cart-none 2>&1 | grep -v 'npm warn'
#: javascript.npm-no-version with npm
echo '{"name": "shop", "version": "1.0.0"}' > package.json; npm install is-odd@99.0.0 2>&1 | grep -v 'npm warn'
#: javascript.npm-engine with npm
echo '{"name": "shop", "version": "1.0.0", "engines": {"node": ">=99"}}' > package.json; npm install --engine-strict 2>&1 | grep -v 'npm warn'
#: javascript.yarn-lock with yarn
echo '{"name": "shop", "version": "1.0.0"}' > package.json; yarn install >/dev/null 2>&1; echo '{"name": "shop", "version": "1.0.0", "dependencies": {"is-odd": "3.0.1"}}' > package.json; yarn install --frozen-lockfile
#: javascript.pnpm-lock with pnpm
echo '{"name": "shop", "version": "1.0.0"}' > package.json; pnpm install >/dev/null 2>&1; echo '{"name": "shop", "version": "1.0.0", "dependencies": {"is-odd": "3.0.1"}}' > package.json; pnpm install --frozen-lockfile 2>&1 | grep -v WARN
#: javascript.ts-module-not-found with tsc
echo 'import { total } from "./cart"; total()' > app.ts; tsc --noEmit app.ts
#: javascript.ts-no-types with tsc
mkdir -p node_modules/cart; echo 'exports.a = 1' > node_modules/cart/index.js; echo 'import { a } from "cart"; a' > app.ts; tsc --noEmit --strict app.ts
#: javascript.ts-no-property with tsc
echo 'const cart = { items: 1 }; cart.itms' > app.ts; tsc --noEmit app.ts
#: javascript.ts-no-name with tsc
echo 'totl()' > app.ts; tsc --noEmit app.ts
#: javascript.ts-no-node-types with tsc
echo 'process.exit()' > app.ts; tsc --noEmit app.ts
#: javascript.ts-not-assignable with tsc
echo 'const a: number = "2"' > app.ts; tsc --noEmit app.ts
#: javascript.ts-argument with tsc
echo 'function ship(w: number) {} ship("2")' > app.ts; tsc --noEmit app.ts
#: javascript.ts-argument-count with tsc
echo 'function ship(w: number) {} ship(1, 2)' > app.ts; tsc --noEmit app.ts
#: javascript.ts-no-export with tsc
echo 'export const a = 1' > cart.ts; echo 'import { total } from "./cart"; total' > app.ts; tsc --noEmit app.ts
#: javascript.ts-possibly-undefined with tsc
echo 'function f(a?: string) { a.length }' > app.ts; tsc --noEmit --strict app.ts
#: javascript.ts-implicit-any with tsc
echo 'function f(a) { }' > app.ts; tsc --noEmit --strict app.ts
#: javascript.ts-unused with tsc
echo 'function f() { const a = 1 } f()' > app.ts; tsc --noEmit --noUnusedLocals app.ts
#: javascript.ts-no-inputs with tsc
echo '{"include": ["lib"]}' > tsconfig.json; tsc -p .
#: javascript.eslint-no-config with eslint
echo 'a' > app.js; eslint app.js
#: javascript.eslint-plugin-missing with eslint
echo 'import p from "eslint-plugin-shop"; export default [p]' > eslint.config.mjs; echo 'a' > app.js; eslint app.js
#: javascript.eslint-no-unused-vars with eslint
echo 'export default [{ rules: { "no-unused-vars": "error" } }]' > eslint.config.mjs; echo 'const a = 1' > app.js; eslint app.js
#: javascript.eslint-no-undef with eslint
echo 'export default [{ rules: { "no-undef": "error" } }]' > eslint.config.mjs; echo 'totl()' > app.js; eslint app.js
#: javascript.prettier with prettier
echo 'const a={b:1}' > app.js; prettier --check app.js
#: javascript.jest-coverage with jest
echo '{"name": "shop"}' > package.json; echo 'exports.a = () => 1; exports.b = () => 2' > cart.js; echo 'const c = require("./cart"); test("a", () => { c.a() })' > cart.test.js; jest --coverage --coverageThreshold '{"global": {"functions": 90}}'
#: javascript.jest-environment with jest
echo '{"name": "shop"}' > package.json; echo 'test("a", () => {})' > cart.test.js; jest --env jsdom
#: javascript.jest-timeout with jest
echo '{"name": "shop"}' > package.json; echo 'test("waits", async () => { await new Promise(r => setTimeout(r, 300)) }, 50)' > cart.test.js; jest
#: javascript.jest-snapshot with jest
echo '{"name": "shop"}' > package.json; echo 'test("a", () => { expect(1).toMatchSnapshot() })' > cart.test.js; jest --ci=false >/dev/null 2>&1; sed -i 's/expect(1)/expect(2)/' cart.test.js; jest --ci
#: javascript.jest-no-tests with jest
echo '{"name": "shop"}' > package.json; jest
#: javascript.webpack-resolve with webpack
mkdir src; echo 'import "./cart"' > src/index.js; webpack --mode development
#: javascript.rollup-resolve with rollup
echo 'import "./cart.js"' > app.js; rollup app.js
#: javascript.mocha-timeout with mocha
mkdir test; echo 'it("waits", done => {})' > test/cart.js; mocha --timeout 50
#: javascript.playwright-browser with node
ln -s "$(dirname "$(dirname "$(command -v tsc)")")" node_modules; echo 'require("playwright-core").chromium.launch().catch(e => { console.log(e.message); process.exit(1) })' > app.js; HOME=$PWD node app.js
