//! `eksnet generate`: what the program says of itself, for shells, man and other programs.

use serde_json::Value;

use super::{Exit, Failure, complete, defaults, man, output::Output};
use crate::{
    audit::{baseline_schema, policy_schema},
    cli::{CommonArgs, GenerateCommand},
    instance::catalogue_schema,
    inventory::snapshot_schema,
    plan::requirement_schema,
    render::json::{
        audit::AuditJson,
        diff::DiffJson,
        doctor::DoctorJson,
        limits::{LimitsJson, VerifyJson},
        maxpods::MaxPodsJson,
        node::NodeJson,
        plan::PlanJson,
        plan_warm::WarmPlanJson,
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
        GenerateCommand::Man { output_dir: Some(directory), .. } => man::pages(&directory)?,
        GenerateCommand::Man { command, file, output_dir: None } => {
            let mut page = Vec::new();
            man::page(&command, &mut page)?;
            let output = Output::new(&file, common);
            output.write(|out| out.write_all(&page))?;
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

fn schema(name: &str) -> Result<schemars::Schema, Failure> {
    Ok(match name {
        "audit" => schemars::schema_for!(AuditJson<'static>),
        "baseline" => baseline_schema(),
        "diff" => schemars::schema_for!(DiffJson<'static>),
        "doctor" => schemars::schema_for!(DoctorJson),
        "limits" => schemars::schema_for!(LimitsJson<'static>),
        "limits-verify" => schemars::schema_for!(VerifyJson<'static>),
        "maxpods" => schemars::schema_for!(MaxPodsJson<'static>),
        "instance-limits" => catalogue_schema(),
        "node" => schemars::schema_for!(NodeJson<'static>),
        "plan" => schemars::schema_for!(PlanJson<'static>),
        "plan-warm-targets" => schemars::schema_for!(WarmPlanJson<'static>),
        "policy" => {
            let mut schema = policy_schema();
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("defaults".to_owned(), defaults::schema());
            }
            schema
        }
        "requirement" => requirement_schema(),
        "scenario" => scenario_schema(),
        "simulate" => schemars::schema_for!(SimulateJson<'static>),
        "snapshot" => snapshot_schema(),
        "version" => schemars::schema_for!(VersionJson),
        _ => {
            return Err(Failure::usage(
                format!("no schema `{name}`"),
                "available schemas: audit, baseline, diff, doctor, instance-limits, limits, limits-verify, \
                 maxpods, node, plan, plan-warm-targets, policy, requirement, scenario, simulate, snapshot, version",
            ));
        }
    })
}
