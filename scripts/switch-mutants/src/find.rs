//! Where mutants stand in a file, and what is put around them.

use std::collections::BTreeMap;

use syn::{
    Arm, BinOp, Expr, ExprBinary, ExprStruct, ExprUnary, ImplItemConst, ImplItemFn, ItemConst,
    ItemFn, ItemStatic, Member, Type,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{At, Listed, edits::Edit};

const ASK: &str = "crate::mutant::is";

/// The edits of a file's mutants, those that can be switched.
pub fn edits(text: &str, mutants: &[(usize, &Listed)]) -> anyhow::Result<Vec<Edit>> {
    let file = syn::parse_file(text)?;
    let mut by_start: BTreeMap<At, Vec<(usize, &Listed)>> = BTreeMap::new();
    for (id, mutant) in mutants {
        by_start.entry(mutant.span.start).or_default().push((*id, mutant));
    }
    let mut lines = vec![0];
    lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let mut find = Find { text, lines, by_start, edits: Vec::new() };
    find.visit_file(&file);
    Ok(find.edits)
}

struct Find<'a> {
    text: &'a str,
    /// Where lines begin.
    lines: Vec<usize>,
    by_start: BTreeMap<At, Vec<(usize, &'a Listed)>>,
    edits: Vec<Edit>,
}

impl<'a> Find<'a> {
    fn byte(&self, at: proc_macro2::LineColumn) -> usize {
        let begin = self.lines[at.line - 1];
        let line = &self.text[begin..];
        begin + line.char_indices().nth(at.column).map_or(line.len(), |(byte, _)| byte)
    }

    fn range(&self, node: &impl Spanned) -> (usize, usize) {
        let span = node.span();
        (self.byte(span.start()), self.byte(span.end()))
    }

    /// The mutants of a genre that begin where a node does.
    fn at(&self, node: &impl Spanned, genre: &str) -> Vec<(usize, &'a Listed)> {
        let start = node.span().start();
        let at = At { line: start.line, column: start.column + 1 };
        let here = self.by_start.get(&at).into_iter().flatten();
        here.filter(|(_, mutant)| mutant.genre == genre).copied().collect()
    }

    /// `(if it is on { OTHER } else { … })`.
    fn instead(&mut self, id: usize, (from, to): (usize, usize), other: &str) {
        let before = format!("(if {ASK}({id}) {{ {other} }} else {{ ");
        let own = before.len() - other.len() - " } else { ".len();
        let own = (own, own + other.len());
        self.edits.push(Edit { id, from, to, before, after: " })".to_owned(), own });
    }

    fn body(&mut self, block: &syn::Block) {
        let Some(first) = block.stmts.first() else { return };
        for (id, mutant) in self.at(first, "FnValue") {
            if mutant.replacement.starts_with("::std::iter") {
                // The function's type is `impl Iterator`, which two values of different types cannot be.
                continue;
            }
            let from = self.range(&block.brace_token.span.open()).1;
            let other = &mutant.replacement;
            let before = format!(" if {ASK}({id}) {{ return {other}; }} ");
            let own = (0, before.len());
            self.edits.push(Edit { id, from, to: from, before, after: String::new(), own });
        }
    }
}

fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(both) => has_let(&both.left) || has_let(&both.right),
        Expr::Paren(inner) => has_let(&inner.expr),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Find<'_> {
    fn visit_item_const(&mut self, _: &'ast ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'ast ItemStatic) {}
    fn visit_type(&mut self, _: &'ast Type) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}

    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        if node.sig.constness.is_none() {
            self.body(&node.block);
            visit::visit_item_fn(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        if node.sig.constness.is_none() {
            self.body(&node.block);
            visit::visit_impl_item_fn(self, node);
        }
    }

    fn visit_trait_item_fn(&mut self, node: &'ast syn::TraitItemFn) {
        if let Some(block) = &node.default {
            self.body(block);
        }
        visit::visit_trait_item_fn(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'ast ExprBinary) {
        let is_chain = matches!(node.op, BinOp::And(_) | BinOp::Or(_))
            && (has_let(&node.left) || has_let(&node.right));
        if !is_chain {
            let (whole, op) = (self.range(node), self.range(&node.op));
            for (id, mutant) in self.at(&node.op, "BinaryOperator") {
                let other = [
                    &self.text[whole.0..op.0],
                    mutant.replacement.as_str(),
                    &self.text[op.1..whole.1],
                ]
                .concat();
                self.instead(id, whole, &other);
            }
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast ExprUnary) {
        let whole = self.range(node);
        for (id, _) in self.at(&node.op, "UnaryOperator") {
            let inner = self.range(&node.expr);
            let other = self.text[inner.0..inner.1].to_owned();
            self.instead(id, whole, &other);
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'ast Arm) {
        let pattern = self.range(&node.pat);
        let guard = node.guard.as_ref().filter(|(_, guard)| !has_let(guard));
        for (id, _) in self.at(node, "MatchArm") {
            let (range, before, after) = match (&node.guard, guard) {
                (None, _) => ((pattern.1, pattern.1), format!(" if !{ASK}({id}) "), ""),
                (Some(_), Some((_, guard))) => {
                    (self.range(guard), format!("(!{ASK}({id}) && ("), "))")
                }
                (Some(_), None) => continue,
            };
            let own = (0, before.len());
            let (from, to) = range;
            self.edits.push(Edit { id, from, to, before, after: after.to_owned(), own });
        }
        if let Some((_, guard)) = guard {
            let whole = self.range(guard);
            for (id, mutant) in self.at(guard, "MatchArmGuard") {
                self.instead(id, whole, &mutant.replacement);
            }
        }
        visit::visit_arm(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast ExprStruct) {
        if let Some(rest) = &node.rest {
            let rest = self.range(rest);
            let base = self.text[rest.0..rest.1].to_owned();
            for field in &node.fields {
                let (Member::Named(name), whole) = (&field.member, self.range(field)) else {
                    continue;
                };
                for (id, _) in self.at(field, "StructField") {
                    let other = format!("({base}).{name}");
                    if field.colon_token.is_some() {
                        let value = self.range(&field.expr);
                        self.instead(id, value, &other);
                    } else {
                        self.instead(id, whole, &other);
                        if let Some(edit) = self.edits.last_mut() {
                            let colon = format!("{name}: ");
                            edit.before.insert_str(0, &colon);
                            edit.own = (edit.own.0 + colon.len(), edit.own.1 + colon.len());
                        }
                    }
                }
            }
        }
        visit::visit_expr_struct(self, node);
    }
}
