//! An expression that was parsed and checked.

use std::sync::Arc;

use cel::{Context, DeclarationError, Env, ParseErrors, Program, extensions};

use super::{
    CompileError, Dialect, Outcome, Purpose, Variable, Variables, check, error::Place, kind::Kind,
    operators, outcome, stack::on_a_large_stack, tokens,
};

/// An expression that was parsed and checked for a dialect.
#[derive(Debug)]
pub struct Compiled {
    dialect: Dialect,
    text: String,
    program: Program,
}

impl Compiled {
    /// Parses and checks a text.
    ///
    /// # Errors
    /// When the dialect's evaluator refuses it, or eksnet does not read it.
    pub fn new(text: &str, dialect: Dialect) -> Result<Self, CompileError> {
        Self::parsed(text, dialect).map_err(|error| error.in_text(text))
    }

    fn parsed(text: &str, dialect: Dialect) -> Result<Self, CompileError> {
        tokens::check(text, dialect)?;
        on_a_large_stack(|| {
            let env = environment(dialect).map_err(|error| defect(&error))?;
            let program = env.compile(text).map_err(|errors| syntax(text, &errors))?;
            let kind = check::check(dialect, program.expression(), program.source_info())?;
            is_a_result(text, dialect, &kind)?;
            Ok(Self { dialect, text: text.to_owned(), program })
        })?
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Who evaluates it.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What it comes to for some types, in their order.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn evaluate(
        &self,
        purpose: Purpose,
        types: &[Variables],
    ) -> Result<Vec<Outcome>, CompileError> {
        on_a_large_stack(|| {
            let env = environment(self.dialect).map_err(|error| defect(&error))?;
            let env = Arc::new(env);
            Ok(types.iter().map(|variables| self.one(&env, purpose, variables)).collect())
        })?
    }

    fn one(&self, env: &Arc<Env>, purpose: Purpose, variables: &Variables) -> Outcome {
        let mut context = Context::with_env(Arc::clone(env));
        for (name, variable) in self.dialect.variables() {
            if *variable == Variable::InstanceType {
                context.add_variable_from_value(*name, variables.instance_type.clone());
            } else if let Some(number) = variables.number(*variable) {
                context.add_variable_from_value(*name, number);
            }
        }
        match self.program.execute(&context) {
            Ok(value) => outcome::of_value(self.dialect, purpose, &value),
            Err(error) => match outcome::of_error(&error) {
                Ok(name) => match self.dialect.variable(&name) {
                    Some(variable) => Outcome::Unknown(format!(
                        "no source states the {} of {}",
                        variable.subject(),
                        variables.instance_type
                    )),
                    None => Outcome::Unusable(format!("`{name}` has no value")),
                },
                Err(why) => Outcome::Unusable(why),
            },
        }
    }
}

/// What the dialect offers. Macros are left out: `check` refuses their names.
fn environment(dialect: Dialect) -> Result<Env, DeclarationError> {
    let mut env = Env::default().with_optional_support(false).with_stdlib();
    match dialect {
        Dialect::Karpenter => operators::add(&mut env)?,
        Dialect::Nodeadm => {}
        Dialect::Castai => env.add_extension(extensions::math)?,
    }
    Ok(env)
}

/// The environment's own names are fixed, so that none is there twice.
fn defect(error: &DeclarationError) -> CompileError {
    CompileError::unread(None, error.to_string(), "report this as a bug")
}

/// Whether the dialect takes results of a type.
fn is_a_result(text: &str, dialect: Dialect, kind: &Kind) -> Result<(), CompileError> {
    match (dialect, kind) {
        // What comes out is converted when it is there.
        (Dialect::Nodeadm, _) | (_, Kind::Int | Kind::Double) => Ok(()),
        (Dialect::Karpenter | Dialect::Castai, other) => Err(CompileError::refused(
            Place::of(text, 0),
            format!("the expression gives {other}, and {dialect} takes int or double"),
            "make the result a number",
        )),
    }
}

/// What the parser says, in the words of a person: the first place, and what stands there.
fn syntax(text: &str, errors: &ParseErrors) -> CompileError {
    let first = errors.errors.iter().find(|error| error.msg.starts_with("Syntax error"));
    let Some(first) = first.or_else(|| errors.errors.first()) else {
        return CompileError::refused(
            Place::of(text, 0),
            "a syntax error".into(),
            "check the expression",
        );
    };
    let number = |value: isize| usize::try_from(value).unwrap_or(1).max(1);
    let place = Place { line: number(first.pos.0), column: number(first.pos.1) };
    let found = first.msg.split('\'').nth(1).unwrap_or_default();
    if first.msg.contains("Recursion limit") {
        return CompileError::unread(
            Some(place),
            "the expression is too deep".into(),
            "shorten it",
        );
    }
    if found == "<EOF>" {
        let reason = "the expression ends too early".to_owned();
        return CompileError::refused(place, reason, "complete the expression");
    }
    if first.msg.starts_with("Syntax error") {
        let reason = format!("`{found}` is not expected here");
        return CompileError::refused(place, reason, "check the brackets and operators before it");
    }
    CompileError::refused(place, first.msg.clone(), "check the expression")
}
