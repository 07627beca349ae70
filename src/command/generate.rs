//! `eksnet generate`: what the program says of itself, for shells, man and other programs.

use std::io::{self, Write};

use serde_json::Value;

use super::{Exit, Failure, complete, defaults, output::Output};
use crate::{
    audit::{baseline_schema, policy_schema},
    cli::{self, CommonArgs, GenerateCommand},
    instance::catalogue_schema,
    inventory::snapshot_schema,
    render::json::{
        audit::AuditJson,
        diff::DiffJson,
        limits::{LimitsJson, VerifyJson},
        maxpods::MaxPodsJson,
        node::NodeJson,
        simulate::SimulateJson,
        version::VersionJson,
        write_json,
    },
    simulate::scenario_schema,
};

pub(super) fn run(command: GenerateCommand, common: &CommonArgs) -> Result<Exit, Failure> {
    match command {
        GenerateCommand::Completions { shell, file } => {
            let mut script = Vec::new();
            complete::registration(shell, &mut script).map_err(|error| {
                Failure::usage(error, "bash, zsh, fish, elvish and powershell have one")
            })?;
            let output = Output::new(&file, common);
            output.write(|out| out.write_all(&script))?;
            output.say_written(&format!("completions for {shell}"));
        }
        GenerateCommand::Man { file } => {
            let output = Output::new(&file, common);
            output.write(man)?;
            output.say_written("the man page");
        }
        GenerateCommand::Schema { name, file } => {
            let schema = schema(&name)?;
            let output = Output::new(&file, common);
            output.write(|out| write_json(&schema, out))?;
            output.say_written(&format!("the JSON Schema of {name}"));
        }
    }
    Ok(Exit::Done)
}

/// One page: the program, then each command's synopsis, description and options.
fn man(out: &mut dyn Write) -> io::Result<()> {
    let mut program = cli::command();
    program.build();
    let page = clap_mangen::Man::new(program.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    page.render_extra_section(out)?;
    man_of(&program, "eksnet", out)
}

fn man_of(command: &clap::Command, name: &str, out: &mut dyn Write) -> io::Result<()> {
    for command in command.get_subcommands() {
        let name = format!("{name} {}", command.get_name());
        writeln!(out, ".SH \"{}\"", name.to_uppercase())?;
        let page = clap_mangen::Man::new(command.clone().disable_help_flag(true));
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_options_section(out)?;
        man_of(command, &name, out)?;
    }
    Ok(())
}

fn schema(name: &str) -> Result<schemars::Schema, Failure> {
    Ok(match name {
        "audit" => schemars::schema_for!(AuditJson<'static>),
        "baseline" => baseline_schema(),
        "diff" => schemars::schema_for!(DiffJson<'static>),
        "limits" => schemars::schema_for!(LimitsJson<'static>),
        "limits-verify" => schemars::schema_for!(VerifyJson<'static>),
        "maxpods" => schemars::schema_for!(MaxPodsJson<'static>),
        "instance-limits" => catalogue_schema(),
        "node" => schemars::schema_for!(NodeJson<'static>),
        "policy" => {
            let mut schema = policy_schema();
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("defaults".to_owned(), defaults::schema());
            }
            schema
        }
        "scenario" => scenario_schema(),
        "simulate" => schemars::schema_for!(SimulateJson<'static>),
        "snapshot" => snapshot_schema(),
        "version" => schemars::schema_for!(VersionJson),
        _ => {
            return Err(Failure::usage(
                format!("no schema `{name}`"),
                "available schemas: audit, baseline, diff, instance-limits, limits, limits-verify, \
                 maxpods, node, policy, scenario, simulate, snapshot, version",
            ));
        }
    })
}
