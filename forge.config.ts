import { MakerZIP } from "@electron-forge/maker-zip";
import { FusesPlugin } from "@electron-forge/plugin-fuses";
import { VitePlugin } from "@electron-forge/plugin-vite";
import type { ForgeConfig } from "@electron-forge/shared-types";
import { FuseV1Options, FuseVersion } from "@electron/fuses";

/** Development with hot reload (`npm run dev`) and packaging. `npm start` and the tests build with the same Vite files, without forge. */
const config: ForgeConfig = {
  packagerConfig: {
    asar: true,
    executableName: "macroscope",
    // Where Electron's release page is not reached: a folder with a zip of Electron, named as the release page names it.
    ...(process.env.MACROSCOPE_ELECTRON_ZIPS ? { electronZipDir: process.env.MACROSCOPE_ELECTRON_ZIPS } : {}),
  },
  makers: [new MakerZIP()],
  plugins: [
    new VitePlugin({
      // All three are written to .vite/build under the names of their configurations; the names must differ.
      build: [
        { entry: "src/main/main.ts", config: "vite.main.config.ts", target: "main" },
        { entry: "src/preload/preload.ts", config: "vite.preload.config.ts", target: "preload" },
        { entry: "src/host/host.ts", config: "vite.host.config.ts", target: "main" },
      ],
      renderer: [{ name: "pages", config: "vite.renderer.config.ts" }],
    }),
    // Doors of the packaged binary that nobody needs are closed.
    new FusesPlugin({
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    }),
  ],
};

export default config;
