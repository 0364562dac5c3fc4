package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.TokenStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ServiceMethodsTest {
    enum Answer {
        YES
    }

    record Person(String name) {}

    sealed interface Shape permits Circle {}

    record Circle(int radius) implements Shape {}

    static class Pojo {}

    interface Service {
        String text();

        int number();

        boolean bool();

        void nothing();

        String[] array();

        Answer constant();

        Person record();

        Shape sealedType();

        Pojo object();

        List<Person> list();

        Set<String> set();

        Map<String, Integer> map();

        Result<String> result();

        AiMessage message();

        TokenStream tokens();

        Flux<String> flux();

        Mono<String> mono();

        Flow.Publisher<String> publisher();

        SubmissionPublisher<String> concretePublisher();

        Object anything();

        String overloaded(String message);

        TokenStream overloaded(String message, int number);
    }

    interface Derived extends Service {}

    private static boolean mayStream(String service, String method) {
        return ServiceMethods.mayStream(InvocationContext.builder()
                .interfaceName(service)
                .methodName(method)
                .build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "number",
                "bool",
                "nothing",
                "array",
                "constant",
                "record",
                "sealedType",
                "object",
                "list",
                "set",
                "map",
                "result",
                "message"
            })
    void completeResponse_isNotStreamed(String method) {
        assertThat(mayStream(Service.class.getName(), method)).isFalse();
        assertThat(mayStream(Derived.class.getName(), method)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokens", "flux", "mono", "publisher", "concretePublisher", "anything", "overloaded"})
    void streamOrUnknownType_mayBeStreamed(String method) {
        assertThat(mayStream(Service.class.getName(), method)).isTrue();
    }

    @Test
    void unknownMethod_mayBeStreamed() {
        assertThat(mayStream(Service.class.getName(), "missing")).isTrue();
        assertThat(mayStream("org.donotanswer.Missing", "text")).isTrue();
        assertThat(ServiceMethods.mayStream(InvocationContext.builder().build()))
                .isTrue();
        assertThat(ServiceMethods.mayStream(null)).isTrue();
    }
}
