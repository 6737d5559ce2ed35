//! Rust → wasm → glue → optimized → tried out → compiled TypeScript.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::stamp::{Fingerprint, Stamp, files_below};
use crate::tools::{self, WASM, Workspace};

/// Builds whatever is not built yet.
pub(crate) fn all(workspace: &Workspace) -> Result<()> {
    // Two builds at once, say a test run and an editor, would write the same files.
    let lock = File::create(workspace.scratch("build.lock"))?;
    lock.lock().context("cannot take the build lock")?;
    workspace.prepare()?;
    let modules = Flavour::ALL.map(|flavour| compile(workspace, flavour));
    glue(workspace, modules.into_iter().collect::<Result<_>>()?)?;
    licences(workspace)?;
    typescript(workspace)
}

/// npm packs nothing above pkg/: the licences go with the package as copies, which git ignores.
fn licences(workspace: &Workspace) -> Result<()> {
    let package = workspace.root.join("pkg");
    for copy in licences_in(&package)? {
        fs::remove_file(copy)?;
    }
    for licence in licences_in(&workspace.root)? {
        let name = licence.file_name().context("a licence without a name")?;
        fs::copy(&licence, package.join(name))?;
    }
    Ok(())
}

fn licences_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let is_licence =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("LICENSE"));
    Ok(paths.into_iter().filter(is_licence).collect())
}

/// The modules that one source becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// The core with fixed-width SIMD only: hosts that lack relaxed SIMD refuse a module that holds any of it.
    Plain,
    /// The core with fused multiply-add.
    Relaxed,
    /// RSA with private keys, loaded only where the host does not do it.
    Private,
    /// XLSX and encodings, loaded only when such a file arrives.
    Files,
}

impl Flavour {
    const ALL: [Self; 4] = [Self::Plain, Self::Relaxed, Self::Private, Self::Files];

    /// The feature of the crate whose exports it has, after which its files are named.
    const fn feature(self) -> &'static str {
        match self {
            Self::Plain | Self::Relaxed => "core",
            Self::Private => "private",
            Self::Files => "files",
        }
    }

    /// Runs it once.
    const fn smoke_test(self) -> &'static str {
        match self {
            Self::Plain | Self::Relaxed => "xtask/js/smoke.mjs",
            Self::Private => "xtask/js/smoke-private.mjs",
            Self::Files => "xtask/js/smoke-files.mjs",
        }
    }

    /// What the package takes of it, and under which name.
    fn files(self) -> Vec<(String, String)> {
        let name = self.feature();
        if self == Self::Relaxed {
            return vec![(format!("{name}_bg.wasm"), format!("{name}_relaxed_bg.wasm"))];
        }
        [".js", ".d.ts", "_bg.wasm", "_bg.wasm.d.ts"]
            .map(|end| format!("{name}{end}"))
            .map(|file| (file.clone(), file))
            .into()
    }

    /// cargo's folder for it. One each: other flags would make cargo build everything anew, every time.
    fn target(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Plain => workspace.target.clone(),
            Self::Relaxed => workspace.target.join("relaxed"),
            Self::Private => workspace.target.join("private"),
            Self::Files => workspace.target.join("files"),
        }
    }
}

/// Adds to a cargo command what every build for wasm has in common, so that none of them undoes another's work.
pub(crate) fn for_wasm<'a>(
    workspace: &Workspace,
    command: &'a mut Command,
    flavour: Flavour,
) -> Result<&'a mut Command> {
    let mut flags: Vec<String> = machine_paths(workspace)?
        .iter()
        .map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()))
        .collect();
    // Half the code for AES. Notifications are small: 600 bytes are opened in microseconds either way.
    flags.push("--cfg=aes_backend_soft=\"compact\"".to_owned());
    // Words of `crypto-bigint`. Twice as wide, and every product is a call, since wasm has no multiplication with a result of 128 bits.
    flags.push("--cfg=cpubits=\"32\"".to_owned());
    if flavour == Flavour::Relaxed {
        flags.push("-Ctarget-feature=+relaxed-simd".to_owned());
    }
    if flavour == Flavour::Private {
        // A tenth of the time of a signature. The core only checks keys with it, once each.
        command.args(["--config", "profile.release.package.crypto-bigint.opt-level=3"]);
    }
    let flags: Vec<String> = flags.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    Ok(command
        .args(["--package", "payseal", "--no-default-features", "--features", flavour.feature(), "--target-dir"])
        .arg(flavour.target(workspace))
        .args(["--target", WASM, "--config"])
        .arg(format!("target.{WASM}.rustflags = [{}]", flags.join(", ")))
        // Either would replace the flags of .cargo/config.toml and the ones above.
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS"))
}

fn compile(workspace: &Workspace, flavour: Flavour) -> Result<PathBuf> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--release"]);
    tools::check(for_wasm(workspace, &mut cargo, flavour)?)?;
    Ok(flavour.target(workspace).join(WASM).join("release/payseal.wasm"))
}

/// The folders whose names rustc would write into the module, and what it writes instead. The last match counts.
fn machine_paths(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let mut paths = Vec::new();
    if let Some(cargo_home) = cargo_home() {
        let sources = cargo_home.join("registry/src");
        paths.push((cargo_home, "cargo".to_owned()));
        // One folder per registry, named by a hash of its address: a mirror must not change the module.
        for registry in fs::read_dir(sources).into_iter().flatten() {
            paths.push((registry?.path(), "crates".to_owned()));
        }
    }
    // With the component rust-src installed, rustc names the standard library by its place on this machine.
    let rustc = |arguments: &[&str]| tools::output(workspace.command("rustc").args(arguments));
    let sysroot = rustc(&["--print", "sysroot"]).context("rustc does not say where it is")?;
    let version = rustc(&["-vV"]).context("rustc does not say its version")?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    paths.push((Path::new(sysroot.trim()).join("lib/rustlib/src/rust"), format!("/rustc/{commit}")));
    paths.push((workspace.root.clone(), "payseal".to_owned()));
    paths.push((workspace.target.clone(), "target".to_owned()));
    Ok(paths)
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// The JavaScript glue and the optimized modules, in pkg/wasm. Both modules of the core have the same imports and exports, so one glue
/// serves both.
fn glue(workspace: &Workspace, modules: Vec<PathBuf>) -> Result<()> {
    let destination = workspace.root.join("pkg/wasm");
    let mut inputs = Fingerprint::default()
        .path(&workspace.root.join("Cargo.lock"))?
        .path(&workspace.root.join("node_modules/binaryen/package.json"))?
        .path(&workspace.root.join("xtask/src/build.rs"))?;
    for (flavour, module) in Flavour::ALL.iter().zip(&modules) {
        inputs = inputs.path(&workspace.root.join(flavour.smoke_test()))?.path(module)?;
    }
    let stamp = Stamp::new(workspace.scratch("glue.stamp"), &inputs, destination.clone());
    if stamp.is_fresh()? {
        return Ok(());
    }
    // Everything happens in folders aside: pkg/wasm only ever holds modules that were tried out.
    let stage = |flavour| workspace.scratch(&format!("wasm-{flavour:?}").to_lowercase());
    for (flavour, module) in Flavour::ALL.into_iter().zip(modules) {
        bind(workspace, flavour, &module, &stage(flavour))?;
    }
    if fs::read(stage(Flavour::Plain).join("core.js"))? != fs::read(stage(Flavour::Relaxed).join("core.js"))? {
        bail!("the glue of the two modules differs: what one of them exports, the other does not");
    }
    fs::create_dir_all(&destination)?;
    let mut kept = BTreeSet::new();
    for flavour in Flavour::ALL {
        for (name, published) in flavour.files() {
            let published = destination.join(published);
            fs::rename(stage(flavour).join(&name), &published)
                .with_context(|| format!("cannot put {name} in pkg/wasm"))?;
            kept.insert(published);
        }
    }
    remove_others(&destination, |file| kept.contains(file))?;
    stamp.write()
}

/// Loops over the rows of a sheet are cut into calls of these functions, and they stay functions although each is called from one place: an engine
/// replaces the code of a function that it compiled in a hurry only when it is called the next time.
const CALLED_AGAIN: &str = "--no-inline=*_some*";

/// Other functions that are called once are inlined only if they are small: 8 KB less, compressed, for one or two percent of the time of a batch.
const SMALL: &str = "--one-caller-inline-max-function-size=50";

/// Glue and optimized module in `stage`, tried out.
fn bind(workspace: &Workspace, flavour: Flavour, module: &Path, stage: &Path) -> Result<()> {
    let name = flavour.feature();
    if stage.exists() {
        fs::remove_dir_all(stage)?;
    }
    Bindgen::new()
        .input_bytes(name, without_multivalue(fs::read(module)?)?)
        .out_name(name)
        .typescript(true)
        .remove_producers_section(true)
        // The entries say which module, and the address beside the glue would be a wrong one after bundling.
        .omit_default_module_path(true)
        .web(true)?
        .generate(stage)
        .context("wasm-bindgen")?;
    let glue = stage.join(format!("{name}.js"));
    let text = fs::read_to_string(&glue)?;
    // No text goes into the module for private keys, so its glue passes none; that of the others has to.
    if flavour != Flavour::Private || text.contains("passStringToWasm") {
        fs::write(&glue, demanding_text(&text)?)?;
    }
    fs::write(stage.join("package.json"), "{ \"type\": \"module\" }\n")?;
    let wasm = stage.join(format!("{name}_bg.wasm"));
    // No feature flags: wasm-opt reads which ones are on from the module, and more of them make modules nobody loads.
    let mut wasm_opt = workspace.node();
    tools::check(
        wasm_opt
            .args(["node_modules/binaryen/bin/wasm-opt", CALLED_AGAIN, "-Os", "--converge", SMALL])
            .arg(&wasm)
            .arg("-o")
            .arg(&wasm),
    )?;
    refuse_machine_paths(workspace, &fs::read(&wasm)?)?;
    // A broken module leaves wasm-opt with exit code 0, so it has to run once.
    tools::check(workspace.node().arg(flavour.smoke_test()).arg(stage)).context("the built module does not work")
}

/// The glue, which now refuses what is no text where text is due. It would write whatever has a length, or none, into the module's memory, and
/// the module, which trusts it, would die of that, and with it every payment of the process.
fn demanding_text(glue: &str) -> Result<String> {
    let start = "function passStringToWasm0(arg, malloc, realloc) {\n";
    let Some((before, after)) = glue.split_once(start) else {
        bail!("the glue does not pass texts as it did: look at what wasm-bindgen writes now");
    };
    let refusal = "{ code: 'ERR_OPTIONS', message: 'one of the values is not text, and has to be' }";
    Ok(format!("{before}{start}    if (typeof arg !== 'string') throw {refusal};\n{after}"))
}

/// The module, which no longer says that it may return several values at once. rustc's standard library says so for every module, and then
/// wasm-bindgen makes every export return its result in several values; Node 20 compiles a wrapper for each such signature with its slowest
/// compiler before anything can be called, which took eight milliseconds of the start of every process.
fn without_multivalue(mut module: Vec<u8>) -> Result<Vec<u8>> {
    // An entry of the section `target_features`: a sign, then the length of the name and the name. Minus is "must not be used".
    let entry = b"+\x0amultivalue";
    let mut places = module.windows(entry.len()).enumerate().filter(|(_, window)| window == entry).map(|(at, _)| at);
    let (Some(at), None) = (places.next(), places.next()) else {
        bail!("the module does not name the feature multivalue once: look at what rustc writes now");
    };
    module[at] = b'-';
    Ok(module)
}

/// A path of this machine would tell who built the module, and make it differ from everybody else's.
fn refuse_machine_paths(workspace: &Workspace, module: &[u8]) -> Result<()> {
    let mut folders = vec![workspace.root.clone(), workspace.target.clone()];
    folders.extend(cargo_home());
    folders.extend(env::home_dir());
    for folder in folders {
        let text = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        // A home at `/` has no name to leak.
        if text.len() > 2 && module.windows(text.len()).any(|window| window == text.as_bytes()) {
            bail!("the module names a folder of this machine: {text}");
        }
    }
    Ok(())
}

/// pkg/src → pkg/dist → pkg/dist/bundle.
fn typescript(workspace: &Workspace) -> Result<()> {
    let package = workspace.root.join("pkg");
    let destination = package.join("dist");
    let mut inputs = Fingerprint::default()
        .path(&package.join("src"))?
        .path(&package.join("package.json"))?
        .path(&package.join("wasm/core.js"))?
        .path(&package.join("wasm/core.d.ts"))?
        .path(&package.join("wasm/private.js"))?
        .path(&package.join("wasm/private.d.ts"))?
        .path(&package.join("wasm/files.js"))?
        .path(&package.join("wasm/files.d.ts"))?
        .path(&workspace.root.join("xtask/js/bundle.mjs"))?
        .path(&workspace.root.join("package-lock.json"))?;
    for entry in fs::read_dir(&package)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tsconfig")) {
            inputs = inputs.path(&path)?;
        }
    }
    let stamp = Stamp::new(workspace.scratch("typescript.stamp"), &inputs, destination.clone());
    if stamp.is_fresh()? {
        return Ok(());
    }
    let mut tsc = workspace.node();
    // --force: tsc trusts its own records even when what they speak of was deleted.
    tsc.args(["node_modules/typescript/bin/tsc", "--build", "--force", "pkg/tsconfig.node.json"]);
    tools::check(&mut tsc)?;
    // What tsc made from a source that is gone would still be published.
    remove_others(&destination, |file| has_source(&package, &destination, file))?;
    tools::check(workspace.node().arg("xtask/js/bundle.mjs")).context("the package cannot be bundled")?;
    stamp.write()
}

fn has_source(package: &Path, destination: &Path, file: &Path) -> bool {
    let Ok(name) = file.strip_prefix(destination) else { return false };
    let name = name.to_string_lossy();
    let suffix = [".d.ts.map", ".d.ts", ".js.map", ".js"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
    // tsc's own records have another ending and stay.
    suffix.is_none_or(|stem| package.join("src").join(format!("{stem}.ts")).exists())
}

fn remove_others(folder: &Path, keep: impl Fn(&Path) -> bool) -> Result<()> {
    for file in files_below(folder)? {
        if !keep(&file) {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}
