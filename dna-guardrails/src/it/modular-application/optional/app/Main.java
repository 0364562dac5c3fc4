package app;

import java.nio.file.Path;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.donotanswer.guard.stream.StreamGuard;
import reactor.core.publisher.Flux;

/** Uses optional dependencies: policies in JSON and YAML, an audit log, a cache and an adapter to a framework. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        for (String file : args) {
            System.out.println("policy: "
                    + SafetyPolicy.read(Path.of(file)).defaultRule().block().getAsDouble());
        }
        AuditLog log = AuditLog.open(Path.of("audit.jsonl"));
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .cache(10)
                        .listener(log)
                        .build()) {
            guard.check("What is the capital of France?", "It is Paris.");
            System.out.println("cached: "
                    + guard.check("What is the capital of France?", "It is Paris.").cached());
            System.out.println("flux: "
                    + GuardedFlux.of(
                                    StreamGuard.of(guard),
                                    Conversation.of("What is the capital of France?"),
                                    Flux.just("It is ", "Paris."))
                            .reduce(String::concat)
                            .block());
        }
        log.close();
        System.out.println("logged: " + log.written());
    }
}
