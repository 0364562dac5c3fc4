package org.donotanswer.examples.springboot;

import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Receives questions. Nothing here concerns safety, except for the outcome that a page could show. Thread-safe. */
@RestController
class ChatController {
    private final ChatClient client;

    ChatController(ChatClient.Builder builder) {
        client = builder.build();
    }

    /**
     * A part of a response, as one line of JSON.
     *
     * @param text the text of the part
     * @param outcome the guard's outcome for the response; null before the end
     */
    record ResponsePart(String text, @Nullable Outcome outcome) {
        private static ResponsePart of(ChatClientResponse response) {
            Generation generation = response.chatResponse() == null
                    ? null
                    : response.chatResponse().getResult();
            String text = generation == null ? null : generation.getOutput().getText();
            Verdict verdict = (Verdict) response.context().get(SafetyAdvisor.VERDICT);
            return new ResponsePart(text == null ? "" : text, verdict == null ? null : verdict.outcome());
        }
    }

    @PostMapping(path = "/chat", consumes = MediaType.TEXT_PLAIN_VALUE, produces = MediaType.TEXT_PLAIN_VALUE)
    @Nullable
    String chat(@RequestBody String question) {
        return client.prompt(question).call().content();
    }

    @PostMapping(
            path = "/chat/stream",
            consumes = MediaType.TEXT_PLAIN_VALUE,
            produces = MediaType.APPLICATION_NDJSON_VALUE)
    Flux<ResponsePart> stream(@RequestBody String question) {
        return client.prompt(question).stream().chatClientResponse().map(ResponsePart::of);
    }
}
