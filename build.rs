//! Prepares the instance table: reads data/instance-limits.json and writes it as Rust statics, so
//! that the program looks a type up without parsing anything when it runs.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use serde_json::Value;

const TABLE: &str = "data/instance-limits.json";
/// The pages of the checks, which `eksnet explain` shows.
const PAGES: &str = "docs/checks";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TABLE}");
    let table: Value = serde_json::from_str(&fs::read_to_string(TABLE)?)?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("builtin.rs"), source(&table)?)?;
    println!("cargo::rerun-if-changed={PAGES}");
    fs::write(Path::new(&out).join("pages.rs"), pages()?)?;
    println!("cargo::rustc-env=BUILD_TARGET={}", env::var("TARGET")?);
    Ok(())
}

/// Each page by its name, so that a new check needs no more than its page.
fn pages() -> Result<String, Box<dyn Error>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(PAGES)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(fs::canonicalize(path)?);
        }
    }
    paths.sort();
    let mut code = "static PAGES: &[(&str, &str)] = &[\n".to_owned();
    for path in &paths {
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a page has no name")?;
        let path = path.to_str().ok_or("a page's path is not UTF-8")?;
        writeln!(code, "({name:?}, include_str!({path:?})),")?;
    }
    code.push_str("];");
    Ok(code)
}

/// The statics as Rust source. Fails on a field that is missing or not of its kind, so that a slip
/// in the data file stops the build and cannot become a wrong number.
fn source(table: &Value) -> Result<String, Box<dyn Error>> {
    let mut code = String::new();
    let types = array(table, "instance_types")?;
    let names: Vec<&str> =
        types.iter().map(|row| text(row, "instance_type")).collect::<Result<_, _>>()?;
    if !names.is_sorted_by(|a, b| a < b) {
        return Err(format!("{TABLE}: types are not sorted by name, or one stands twice").into());
    }
    writeln!(code, "static AS_OF: &str = {:?};", text(table, "as_of")?)?;
    let sources = table["sources"].as_object().ok_or("no `sources`")?;
    writeln!(
        code,
        "static SOURCES: [(Cow<'static, str>, Cow<'static, str>); {}] = [",
        sources.len()
    )?;
    for (key, meaning) in sources {
        let meaning = meaning.as_str().ok_or("a source is not text")?;
        writeln!(code, "(Cow::Borrowed({key:?}), Cow::Borrowed({meaning:?})),")?;
    }
    writeln!(code, "];")?;
    let disagreements = array(table, "disagreements")?;
    let mut rows = String::new();
    let mut count = 0;
    for row in disagreements {
        let name = text(row, "instance_type")?;
        for (source, said) in row["said"].as_object().ok_or("no `said`")? {
            let (enis, ipv4) = (number(said, "enis")?, number(said, "ipv4_per_eni")?);
            writeln!(
                rows,
                "Disagreement {{ instance_type: Cow::Borrowed({name:?}), source: Cow::Borrowed({source:?}), \
                 enis: {enis}, ipv4_per_eni: {ipv4} }},"
            )?;
            count += 1;
        }
    }
    writeln!(code, "static DISAGREEMENTS: [Disagreement; {count}] = [\n{rows}];")?;
    writeln!(
        code,
        "const UNPUBLISHED: Cow<'static, [Cow<'static, str>]> = {};",
        texts(table, "unpublished")?
    )?;
    writeln!(code, "static TYPES: [InstanceLimits; {}] = [", types.len())?;
    for row in types {
        writeln!(code, "{},", instance(row)?)?;
    }
    writeln!(code, "];")?;
    Ok(code)
}

fn instance(row: &Value) -> Result<String, Box<dyn Error>> {
    let cards = numbers(row, "enis_per_card")?;
    let hypervisor = match row["hypervisor"].as_str() {
        None if row["hypervisor"].is_null() => "None",
        Some("nitro") => "Some(Hypervisor::Nitro)",
        Some("xen") => "Some(Hypervisor::Xen)",
        _ => return Err(format!("unknown hypervisor {}", row["hypervisor"]).into()),
    };
    let architectures = if row["architectures"].is_null() {
        "None".to_owned()
    } else {
        format!("Some({})", texts(row, "architectures")?)
    };
    let flexible = match row.get("additional_flexible_enis") {
        None => "None".to_owned(),
        Some(_) => {
            format!("Some(Cow::Borrowed(&{:?}))", numbers(row, "additional_flexible_enis")?)
        }
    };
    let card = number(row, "default_network_card")?;
    if usize::try_from(card)? >= cards.len() {
        return Err(format!("{}: no card {card}", row["instance_type"]).into());
    }
    Ok(format!(
        "InstanceLimits {{ instance_type: Cow::Borrowed({:?}), default_network_card: {card}, \
         enis_per_card: Cow::Borrowed(&{cards:?}), ipv4_per_eni: {}, ipv6_per_eni: {}, \
         hypervisor: {hypervisor}, bare_metal: {}, vcpus: {}, memory_mib: {}, \
         architectures: {architectures}, current_generation: {}, trunking: {}, branch_enis: {}, \
         efa_interfaces: {}, efa_on_default_card: {}, additional_flexible_enis: {flexible}, \
         sources: {}, retired: {} }}",
        text(row, "instance_type")?,
        number(row, "ipv4_per_eni")?,
        optional(row, "ipv6_per_eni", Value::as_u64)?,
        row["bare_metal"].as_bool().ok_or("bare_metal is not a boolean")?,
        optional(row, "vcpus", Value::as_u64)?,
        optional(row, "memory_mib", Value::as_u64)?,
        optional(row, "current_generation", Value::as_bool)?,
        optional(row, "trunking", Value::as_bool)?,
        optional(row, "branch_enis", Value::as_u64)?,
        stated(row, "efa_interfaces", Value::as_u64)?,
        stated(row, "efa_on_default_card", Value::as_bool)?,
        texts(row, "sources")?,
        row.get("retired").is_some_and(|retired| retired == &Value::Bool(true)),
    ))
}

/// A field that a row leaves out where no source states it.
fn stated<T: std::fmt::Debug>(
    row: &Value,
    key: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<String, String> {
    if row.get(key).is_some() { optional(row, key, read) } else { Ok("None".to_owned()) }
}

fn numbers(row: &Value, key: &str) -> Result<Vec<u64>, String> {
    let number =
        |value: &Value| value.as_u64().ok_or_else(|| format!("{TABLE}: `{key}` holds {value}"));
    array(row, key)?.iter().map(number).collect()
}

fn array<'a>(row: &'a Value, key: &str) -> Result<&'a Vec<Value>, String> {
    row[key].as_array().ok_or_else(|| format!("{TABLE}: no list `{key}` in {row:.80}"))
}

fn text<'a>(row: &'a Value, key: &str) -> Result<&'a str, String> {
    row[key].as_str().ok_or_else(|| format!("{TABLE}: no text `{key}` in {row:.80}"))
}

fn number(row: &Value, key: &str) -> Result<u64, String> {
    row[key].as_u64().ok_or_else(|| format!("{TABLE}: no number `{key}` in {row:.80}"))
}

fn optional<T: std::fmt::Debug>(
    row: &Value,
    key: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<String, String> {
    let value = row.get(key).ok_or_else(|| format!("{TABLE}: no `{key}` in {row:.80}"))?;
    match read(value) {
        None if value.is_null() => Ok("None".to_owned()),
        None => Err(format!("{TABLE}: `{key}` cannot be {value}")),
        found => Ok(format!("{found:?}")),
    }
}

fn texts(row: &Value, key: &str) -> Result<String, String> {
    let mut code = "Cow::Borrowed(&[".to_owned();
    for value in array(row, key)? {
        let value = value.as_str().ok_or_else(|| format!("{TABLE}: `{key}` holds {value}"))?;
        write!(code, "Cow::Borrowed({value:?}), ").map_err(|error| error.to_string())?;
    }
    code.push_str("])");
    Ok(code)
}
