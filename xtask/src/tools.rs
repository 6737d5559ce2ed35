//! The tools that xtask stands on: cargo, rustup, Node and npm. Each one that is missing is named with the command
//! that installs it, all of them at once.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The oldest Node that the package supports; pkg/package.json says the same.
const NODE: (u32, u32) = (20, 19);

const INSTALL_RUSTUP: &str = if cfg!(windows) {
    "winget install Rustlang.Rustup"
} else {
    "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
};

// Not apt: Debian 12 and Ubuntu 24.04 carry a Node that is too old.
const INSTALL_NODE: &str = if cfg!(windows) {
    "winget install OpenJS.NodeJS.LTS"
} else if cfg!(target_os = "macos") {
    "brew install node"
} else {
    "curl -fsSL https://fnm.vercel.app/install | bash && fnm install 22"
};

/// Where things are.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// cargo's target folder, where stamps and unfinished work live too.
    pub(crate) target: PathBuf,
    cargo: OsString,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        // Cargo sets this when it runs us, so a copied or moved checkout never looks at the old place.
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").context("run me as `cargo xtask`, so that cargo says where I am")?;
        let root = PathBuf::from(manifest).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |target| root.join(target));
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        fs::create_dir_all(target.join("xtask"))?;
        Ok(Self { root, target, cargo })
    }

    pub(crate) fn cargo(&self) -> Command {
        self.command(&self.cargo)
    }

    pub(crate) fn node(&self) -> Command {
        self.command("node")
    }

    pub(crate) fn npm(&self) -> Command {
        self.command(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    /// A file that this machine alone needs between two runs.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }

    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Makes sure of everything a build needs, installing what belongs to this checkout and naming the rest.
    pub(crate) fn prepare(&self) -> Result<()> {
        let mut missing = Vec::new();
        match output(self.node().arg("--version")) {
            None => missing.push(format!("Node {}.{} or newer: {INSTALL_NODE}", NODE.0, NODE.1)),
            Some(version) if node_version(&version).is_none_or(|found| found < NODE) => {
                missing.push(format!("Node {}.{} or newer (found {}): {INSTALL_NODE}", NODE.0, NODE.1, version.trim()))
            }
            Some(_) => {}
        }
        if output(self.npm().arg("--version")).is_none() {
            missing.push(format!("npm, which comes with Node: {INSTALL_NODE}"));
        }
        if !self.has_wasm_target() {
            if output(self.command("rustup").arg("--version")).is_none() {
                missing.push(format!("rustup, to add the Rust target {WASM}: {INSTALL_RUSTUP}"));
            } else if missing.is_empty() {
                // Never `rustup toolchain install`: it would replace the toolchain that is running us.
                check(self.command("rustup").args(["target", "add", WASM]))?;
            }
        }
        if !missing.is_empty() {
            bail!("something is missing on this machine\n  {}", missing.join("\n  "));
        }
        self.install_packages()
    }

    fn has_wasm_target(&self) -> bool {
        let mut rustc = self.command("rustc");
        output(rustc.args(["--print", "target-libdir", "--target", WASM]))
            .is_some_and(|folder| Path::new(folder.trim()).is_dir())
    }

    fn install_packages(&self) -> Result<()> {
        let wanted = self.root.join("package-lock.json");
        let installed = self.root.join("node_modules/.package-lock.json");
        if fs::read(&installed).is_ok_and(|installed| same_packages(&fs::read(&wanted).unwrap_or_default(), &installed))
        {
            return Ok(());
        }
        check(self.npm().args(["ci", "--no-audit", "--no-fund"]))
    }
}

/// Whether npm's record of what is installed has what the lock file asks for, and nothing else.
///
/// Other than a stamp of ours, this also sees a `node_modules` that was removed, or changed by hand.
fn same_packages(wanted: &[u8], installed: &[u8]) -> bool {
    let packages = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok()?.get("packages")?.as_object().cloned();
    let (Some(wanted), Some(installed)) = (packages(wanted), packages(installed)) else { return false };
    let modules = |name: &str| name.starts_with("node_modules/");
    let is = |value: &Value, key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    let complete = wanted.iter().filter(|(name, _)| modules(name)).all(|(name, package)| match installed.get(name) {
        Some(found) => {
            found.get("version") == package.get("version") && found.get("integrity") == package.get("integrity")
        }
        // The programs of other platforms.
        None => is(package, "optional"),
    });
    complete && installed.keys().filter(|name| modules(name)).all(|name| wanted.contains_key(name))
}

/// Major and minor of `v20.19.4`.
fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What the command prints, or nothing when it is not there or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command in view of the user; `false` when it failed.
pub(crate) fn status(command: &mut Command) -> Result<bool> {
    let status = command.status().with_context(|| format!("cannot start {}", describe(command)))?;
    Ok(status.success())
}

/// Runs a command that has to succeed.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    if status(command)? { Ok(()) } else { bail!("failed: {}", describe(command)) }
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_version_is_compared_by_number() {
        assert_eq!(node_version("v20.19.4\n"), Some((20, 19)));
        assert!(node_version("v9.99.0") < Some(NODE));
        assert!(node_version("v100.0.0") > Some(NODE));
        assert_eq!(node_version("20.19"), None);
    }

    #[test]
    fn packages_are_installed_again_only_when_they_differ_from_the_lock_file() {
        let wanted = r#"{"packages":{"":{"version":"0"},"pkg":{"version":"0.1.0"},
            "node_modules/a":{"version":"1.0.0","integrity":"x"},"node_modules/b":{"version":"2.0.0","optional":true}}}"#;
        let same = |installed: &str| same_packages(wanted.as_bytes(), installed.as_bytes());
        assert!(same(r#"{"packages":{"node_modules/a":{"version":"1.0.0","integrity":"x"}}}"#));
        assert!(!same(r#"{"packages":{"node_modules/a":{"version":"1.0.1","integrity":"x"}}}"#));
        assert!(!same(r#"{"packages":{"node_modules/a":{"version":"1.0.0","integrity":"y"}}}"#));
        assert!(!same(r#"{"packages":{"node_modules/b":{"version":"2.0.0"}}}"#));
        assert!(!same(
            r#"{"packages":{"node_modules/a":{"version":"1.0.0","integrity":"x"},"node_modules/c":{"version":"1.0.0"}}}"#
        ));
        assert!(!same("{}"));
        assert!(!same("not JSON"));
    }
}
