import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Texts that are worth compressing; the gateway serves `.br` or `.gz` beside them. */
const COMPRESSED = /\.(js|css|svg)$/;

const GATEWAY = "http://127.0.0.1:4000";

/** Compresses once, when it is built, what would be compressed for each visit. */
function compress(): Plugin {
  return {
    name: "statecart-compress",
    apply: "build",
    async writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle).filter((one) => COMPRESSED.test(one))) {
        const text = await readFile(join(dir, name));
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(text));
        await writeFile(join(dir, `${name}.gz`), gzipSync(text, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: "/console/",
  plugins: [compress()],
  build: {
    target: "es2022",
    emptyOutDir: true,
    // The Content-Security-Policy of the gateway takes nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // One file for what pages share, rather than a request for each module of it.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 2 }] } },
    },
  },
  // `npx vite` in this folder shows changes at once, against a gateway on its usual port.
  server: {
    proxy: {
      "/graphql": { target: GATEWAY, ws: true, changeOrigin: true, rewriteWsOrigin: true },
      "/console/token": { target: GATEWAY, changeOrigin: true },
    },
  },
});
