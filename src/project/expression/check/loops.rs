//! Whether a loop can end at all.

use rhai::{ASTFlags, Stmt};

/// Whether a statement, or one inside it, leaves the loop around it.
pub fn leaves(statement: &Stmt) -> bool {
    match statement {
        Stmt::BreakLoop(_, flags, _) => flags.contains(ASTFlags::BREAK),
        Stmt::Return(..) => true,
        Stmt::If(flow, _) | Stmt::TryCatch(flow, _) => flow.body.iter().any(leaves) || flow.branch.iter().any(leaves),
        Stmt::Block(block) => block.iter().any(leaves),
        Stmt::While(flow, _) | Stmt::Do(flow, _, _) => flow.body.iter().any(returns),
        Stmt::For(parts, _) => parts.2.body.iter().any(returns),
        Stmt::Switch(..) | Stmt::Expr(_) => true,
        _ => false,
    }
}

/// A `break` inside an inner loop leaves only that one; a `return` leaves all.
fn returns(statement: &Stmt) -> bool {
    match statement {
        Stmt::Return(..) => true,
        Stmt::If(flow, _) | Stmt::TryCatch(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, _, _) => {
            flow.body.iter().any(returns) || flow.branch.iter().any(returns)
        }
        Stmt::Block(block) => block.iter().any(returns),
        Stmt::For(parts, _) => parts.2.body.iter().any(returns),
        _ => false,
    }
}
