//! How help is laid out, the same for every command: what it is about, usage, examples, then the options
//! by subject, the global ones last.

use clap::Command;

use super::headings::{HEADINGS, OUTPUT};

/// Usage and examples before the options: most readers look for a line to copy.
const TEMPLATE: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}\n";

/// What the examples of a command begin with.
pub const EXAMPLES: &str = "Examples:";

/// A command and those below it with their help laid out.
pub(super) fn laid_out(command: Command) -> Command {
    let header = *command.get_styles().get_header();
    let examples = command.get_before_help().map(|text| {
        let heading = format!("{header}{EXAMPLES}{header:#}");
        text.to_string().replacen(EXAMPLES, &heading, 1)
    });
    let command = match examples {
        Some(text) => command.before_help(text),
        None => command,
    };
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let command = in_order(command.help_template(TEMPLATE));
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, laid_out))
}

/// Help shows headings in the order in which their options were added, and an option that is changed is
/// added again.
fn in_order(command: Command) -> Command {
    let place = |heading: Option<&str>| match heading {
        None => 0,
        Some(heading) => {
            let place = HEADINGS.iter().position(|known| *known == heading);
            let output = HEADINGS.iter().position(|known| *known == OUTPUT);
            // Two steps a heading leave room for those that are not listed.
            place.map_or(output.map(|at| at * 2), |at| Some(at * 2 + 1)).unwrap_or_default()
        }
    };
    let mut options: Vec<(usize, String)> = command
        .get_arguments()
        .map(|option| (place(option.get_help_heading()), option.get_id().to_string()))
        .collect();
    options.sort_by_key(|(place, _)| *place);
    options.into_iter().fold(command, |command, (_, id)| command.mut_arg(id, |option| option))
}
