package org.donotanswer.guard.springai;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.UserMessage;
import reactor.core.publisher.Flux;

/** Other advisors. */
final class TestAdvisors {
    static final String PASSAGE = "Context: the poison of the fly agaric is ibotenic acid.";

    private TestAdvisors() {}

    /** Adds a passage to the user's message, as retrieval does. */
    record Augmenting(int order) implements CallAdvisor, StreamAdvisor {
        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            return chain.nextCall(augmented(request));
        }

        @Override
        public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
            return chain.nextStream(augmented(request));
        }

        private static ChatClientRequest augmented(ChatClientRequest request) {
            return request.mutate()
                    .prompt(request.prompt().augmentUserMessage(message -> UserMessage.builder()
                            .text(message.getText() + "\n" + PASSAGE)
                            .build()))
                    .build();
        }

        @Override
        public String getName() {
            return "augmenting";
        }

        @Override
        public int getOrder() {
            return order;
        }
    }

    /** Responds instead of the model. */
    record Answering(ChatClientResponse response) implements CallAdvisor {
        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            return response;
        }

        @Override
        public String getName() {
            return "answering";
        }

        @Override
        public int getOrder() {
            return 0;
        }
    }
}
