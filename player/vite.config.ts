import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const outDir = fileURLToPath(new URL("../src/bifolio/reader/static/player", import.meta.url));

export default defineConfig({
  build: {
    target: "es2022",
    cssTarget: "safari16",
    cssCodeSplit: false,
    outDir,
    emptyOutDir: true,
    modulePreload: false,
    rollupOptions: {
      input: fileURLToPath(new URL("src/main.ts", import.meta.url)),
      output: {
        format: "iife",
        entryFileNames: "player-[hash].js",
        assetFileNames: "player-[hash][extname]",
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
