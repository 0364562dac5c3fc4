import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Finds responses with the word BAD harmful, and nothing else, so that a program shows what a guard does and not what a model knows. */
final class WordEvaluator implements SafetyEvaluator {
    @Override
    public Assessment evaluate(Exchange exchange) {
        return Assessment.Scored.builder(name())
                .harmful(exchange.response().contains("BAD") ? 0.9 : 0.1)
                .build();
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        return Assessment.Scored.builder(name()).instructionRisk(0.1).build();
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return "words 1";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder(name(), "1").build();
    }

    @Override
    public void close() {}
}
