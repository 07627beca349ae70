//! The types of an expression, as cel-go checks them before it evaluates anything: what no overload takes is
//! refused, wherever it stands, also in a branch that is never taken.

use cel::common::ast::{
    CallExpr, EntryExpr, Expr, IdedEntryExpr, IdedExpr, LiteralValue, SourceInfo,
};

use super::{CompileError, Dialect, Variable, error::Place, kind::Kind, overloads::is_unread};
use crate::nearest::nearest;

/// The type of an expression.
///
/// # Errors
/// When a name is unknown, or no overload takes what it is given.
pub(super) fn check(
    dialect: Dialect,
    expression: &IdedExpr,
    source: &SourceInfo,
) -> Result<Kind, CompileError> {
    Check { dialect, source }.kind(expression)
}

struct Check<'a> {
    dialect: Dialect,
    source: &'a SourceInfo,
}

impl Check<'_> {
    fn kind(&self, node: &IdedExpr) -> Result<Kind, CompileError> {
        match &node.expr {
            Expr::Literal(literal) => Ok(of_literal(literal)),
            Expr::Ident(name) => self.variable(node, name),
            Expr::Call(call) => self.call(node, call),
            Expr::List(list) => {
                let kinds = list.elements.iter().map(|element| self.kind(element));
                Ok(Kind::List(Box::new(Kind::of_all(kinds.collect::<Result<Vec<_>, _>>()?))))
            }
            Expr::Map(map) => self.map(&map.entries),
            Expr::Select(select) => self.select(node, &select.operand, &select.field),
            Expr::Comprehension(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(self.unread(node, "messages and macros"))
            }
        }
    }

    fn variable(&self, node: &IdedExpr, name: &str) -> Result<Kind, CompileError> {
        match self.dialect.variable(name) {
            Some(Variable::InstanceType) => Ok(Kind::Text),
            Some(
                Variable::Enis
                | Variable::Ipv4PerEni
                | Variable::MaxPods
                | Variable::Vcpus
                | Variable::MemoryMib
                | Variable::MemoryGib
                | Variable::Ipv4PerPrefix,
            ) => Ok(Kind::Int),
            // The names of types are values of CEL too.
            None if TYPES.contains(&name) => Ok(Kind::Type),
            None => {
                let reason = format!("{} has no variable `{name}`", self.dialect);
                Err(CompileError::refused(self.place(node), reason, self.dialect.instead_of(name)))
            }
        }
    }

    fn map(&self, entries: &[IdedEntryExpr]) -> Result<Kind, CompileError> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for entry in entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else { continue };
            keys.push(self.kind(&entry.key)?);
            values.push(self.kind(&entry.value)?);
        }
        Ok(Kind::Map(Box::new(Kind::of_all(keys)), Box::new(Kind::of_all(values))))
    }

    /// `map.key` reads a map; nothing else that is known here has fields.
    fn select(&self, node: &IdedExpr, of: &IdedExpr, field: &str) -> Result<Kind, CompileError> {
        if let Expr::Ident(name) = &of.expr
            && self.dialect.variable(name).is_none()
        {
            let reason = format!("{} has no `{name}.{field}`", self.dialect);
            let hint = self.dialect.instead_of(field);
            return Err(CompileError::refused(self.place(of), reason, hint));
        }
        let operand = self.kind(of)?;
        if let Kind::Map(key, value) = &operand
            && key.joined(&Kind::Text).is_some()
        {
            return Ok(value.as_ref().clone());
        }
        if operand == Kind::Dyn {
            return Ok(Kind::Dyn);
        }
        let reason = format!("{operand} has no field `{field}`");
        Err(CompileError::refused(self.place(node), reason, "remove the field"))
    }

    fn call(&self, node: &IdedExpr, call: &CallExpr) -> Result<Kind, CompileError> {
        let (name, arguments) = match &call.target {
            None => (call.func_name.clone(), call.args.iter().collect::<Vec<_>>()),
            Some(target) if is_math(target) => {
                return Err(self.no_function(node, &format!("math.{}", call.func_name)));
            }
            Some(target) => {
                let arguments = std::iter::once(target.as_ref()).chain(&call.args);
                (format!(".{}", call.func_name), arguments.collect())
            }
        };
        if is_unread(&name) {
            return Err(self.unread(node, &format!("`{}`", call.func_name)));
        }
        if !self.dialect.has_function(&name) {
            return Err(self.no_function(node, &call.func_name));
        }
        let kinds = arguments.iter().map(|argument| self.kind(argument));
        let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
        self.dialect.call(&name, &kinds).ok_or_else(|| self.no_overload(node, call, &kinds))
    }

    fn no_function(&self, node: &IdedExpr, name: &str) -> CompileError {
        let dialect = self.dialect;
        let reason = format!("{dialect} has no function `{name}`");
        let hint = match name.rsplit('.').next().unwrap_or(name) {
            "min" | "least" => format!("write `{}`", dialect.smaller()),
            "max" | "greatest" => format!("write `{}`", dialect.larger()),
            other => match nearest(other, FUNCTIONS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("see the functions of {dialect} in `eksnet maxpods --help`"),
            },
        };
        CompileError::refused(self.place(node), reason, hint)
    }

    fn no_overload(&self, node: &IdedExpr, call: &CallExpr, kinds: &[Kind]) -> CompileError {
        let name = shown(&call.func_name);
        let given = kinds.iter().map(ToString::to_string).collect::<Vec<_>>();
        let reason = format!("`{name}` does not take {}", given.join(" and "));
        let mixed = kinds.contains(&Kind::Int) && kinds.contains(&Kind::Double);
        let hint = match name {
            "min" | "max" if kinds.len() > 2 => {
                format!("`{name}` takes two numbers: write {name}(a, {name}(b, c))")
            }
            _ if mixed => {
                "CEL does not mix int and double: convert one with double() or int()".into()
            }
            _ => "make both sides of one type".into(),
        };
        CompileError::refused(self.place(node), reason, hint)
    }

    fn unread(&self, node: &IdedExpr, what: &str) -> CompileError {
        let reason = format!("eksnet does not evaluate {what} in expressions");
        CompileError::unread(Some(self.place(node)), reason, "write it without")
    }

    /// Where a node stands: a call of a function by its name, not by its bracket.
    fn place(&self, node: &IdedExpr) -> Place {
        let text = &self.source.source;
        let start = self.source.offset_for(node.id).map_or(0, |(start, _)| start);
        let mut start = usize::try_from(start).unwrap_or(0);
        if let Expr::Call(_) = &node.expr
            && text.get(start..).is_some_and(|rest| rest.starts_with('('))
        {
            let before = text[..start].trim_end();
            start = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
        }
        Place::of(text, start)
    }
}

/// Names of types, which CEL knows as values.
const TYPES: [&str; 10] =
    ["int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type"];

/// The functions that a slip of the hand may have meant.
const FUNCTIONS: [&str; 9] =
    ["int", "uint", "double", "string", "size", "contains", "startsWith", "endsWith", "bool"];

fn is_math(target: &IdedExpr) -> bool {
    matches!(&target.expr, Expr::Ident(name) if name == "math")
}

fn of_literal(literal: &LiteralValue) -> Kind {
    match literal {
        LiteralValue::Boolean(_) => Kind::Bool,
        LiteralValue::Bytes(_) => Kind::Bytes,
        LiteralValue::Double(_) => Kind::Double,
        LiteralValue::Int(_) => Kind::Int,
        LiteralValue::Null => Kind::Null,
        LiteralValue::String(_) => Kind::Text,
        LiteralValue::UInt(_) => Kind::Uint,
    }
}

/// An operator as it is written.
fn shown(name: &str) -> &str {
    match name {
        "_?_:_" => "? :",
        "_[_]" => "[ ]",
        "@in" => "in",
        "math.@min" => "math.least",
        "math.@max" => "math.greatest",
        other => other.trim_matches('_'),
    }
}
