//! The admin panel: www/ → pkg/panel, beside the package, where the sandbox finds it.

use anyhow::Result;

use crate::build;
use crate::stamp::{Fingerprint, Stamp};
use crate::tools::{self, Workspace};

/// Builds the package, then the panel on it, whatever of them is not built yet.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    build::all(workspace)?;
    let [sources, package] = [workspace.root.join("www"), workspace.root.join("pkg")];
    let mut inputs = Fingerprint::default()
        .path(&package.join("dist"))?
        .path(&package.join("wasm"))?
        .path(&workspace.root.join("package-lock.json"))?;
    for name in ["src", "public", "index.html", "offline.js", "package.json", "tsconfig.json", "vite.config.ts"] {
        inputs = inputs.path(&sources.join(name))?;
    }
    let stamp = Stamp::new(workspace.scratch("panel.stamp"), &inputs, package.join("panel"));
    if stamp.is_fresh()? {
        return Ok(());
    }
    let tool = |path: &str| {
        let mut node = workspace.node();
        node.current_dir(&sources).arg(workspace.root.join(path));
        node
    };
    tools::check(tool("node_modules/typescript/bin/tsc").arg("--noEmit"))?;
    tools::check(tool("node_modules/vite/bin/vite.js").args(["build", "--logLevel", "warn"]))?;
    stamp.write()
}

/// Serves the panel until it is stopped.
pub(crate) fn serve(workspace: &Workspace, arguments: &[String]) -> Result<bool> {
    build(workspace)?;
    tools::status(workspace.node().arg("xtask/js/panel.mjs").args(arguments))
}
