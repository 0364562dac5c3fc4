package org.donotanswer.guard.langchain4j;

import dev.langchain4j.guardrail.OutputGuardrailExecutor;
import dev.langchain4j.guardrail.OutputGuardrailExecutor.OutputGuardrailExecutorBuilder;
import dev.langchain4j.spi.guardrail.OutputGuardrailExecutorBuilderFactory;

/**
 * Has AI services run output guardrails so that nothing a {@link SafetyOutputGuardrail} blocked reaches the caller, whichever
 * guardrails follow it. On the class path, LangChain4j finds this class as a service provider; there is no need to call it.
 *
 * <p>A module cannot provide a service whose interface is optional, so a modular application provides it itself:
 *
 * <pre>{@code
 * provides OutputGuardrailExecutorBuilderFactory with app.GuardrailExecutors;
 *
 * public final class GuardrailExecutors {
 *     public static OutputGuardrailExecutorBuilderFactory provider() {
 *         return new SafetyGuardrailExecutorFactory();
 *     }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class SafetyGuardrailExecutorFactory implements OutputGuardrailExecutorBuilderFactory {
    /** Creates a factory. */
    public SafetyGuardrailExecutorFactory() {}

    @Override
    public OutputGuardrailExecutorBuilder getBuilder() {
        return new ExecutorBuilder();
    }

    private static final class ExecutorBuilder extends OutputGuardrailExecutorBuilder {
        @Override
        public OutputGuardrailExecutor build() {
            return new SafetyGuardrailExecutor(config(), guardrails());
        }
    }
}
