package org.donotanswer.evaluate;

/** Evaluates as another evaluator does, unless a test overrides it. */
class ForwardingEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator target;

    ForwardingEvaluator(SafetyEvaluator target) {
        this.target = target;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        return target.evaluate(exchange);
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public Provenance provenance() {
        return target.provenance();
    }

    @Override
    public void close() {
        target.close();
    }
}
