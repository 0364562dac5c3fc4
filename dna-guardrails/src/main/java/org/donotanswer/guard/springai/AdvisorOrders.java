package org.donotanswer.guard.springai;

import java.util.List;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.BaseChatMemoryAdvisor;
import org.springframework.core.Ordered;

/** The default orders of guards among the advisors of a chat client, and checks of them. */
final class AdvisorOrders {
    /** Just inside of the memory, so that what it stores has passed the guard; in 2.0, still outside of the tool calls. */
    static final int RESPONSE;
    /** Outside of memory and tool calls, with room for others on both sides. */
    static final int INSTRUCTION;

    /** The type that all memories have: in 2.0, an interface that custom memories implement as well. */
    private static final Class<?> MEMORY = memoryType();

    static {
        int memory = memory();
        RESPONSE = memory + 50;
        INSTRUCTION =
                Ordered.HIGHEST_PRECEDENCE + (int) Math.min(100, ((long) memory - Ordered.HIGHEST_PRECEDENCE) / 2);
    }

    private AdvisorOrders() {}

    /** Reads the constant at run time: javac would inline the value of the version compiled against. */
    private static int memory() {
        try {
            return Advisor.class
                    .getField("DEFAULT_CHAT_MEMORY_PRECEDENCE_ORDER")
                    .getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "Spring AI must define DEFAULT_CHAT_MEMORY_PRECEDENCE_ORDER, but it was missing", e);
        }
    }

    private static Class<?> memoryType() {
        try {
            return Class.forName(
                    "org.springframework.ai.chat.client.advisor.api.MemoryAdvisor",
                    false,
                    AdvisorOrders.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return BaseChatMemoryAdvisor.class;
        }
    }

    /**
     * Checks that no memory is nearer to the model than a guard of responses, where it would store what the guard blocks.
     *
     * @throws IllegalStateException if there is one
     */
    static void requireNoMemoryInside(Advisor guard, List<? extends Advisor> chain) {
        int index = indexOf(guard, chain);
        requireNoMemory(
                guard,
                index < 0 ? List.of() : chain.subList(index + 1, chain.size()),
                "nearer to the model than",
                "which would store what is blocked");
    }

    /**
     * Checks that no memory is further from the model than a guard of instructions, where it stores what the guard blocks.
     *
     * @throws IllegalStateException if there is one
     */
    static void requireNoMemoryOutside(Advisor guard, List<? extends Advisor> chain) {
        requireNoMemory(
                guard,
                chain.subList(0, Math.max(0, indexOf(guard, chain))),
                "further from the model than",
                "which stores what is blocked");
    }

    private static void requireNoMemory(
            Advisor guard, List<? extends Advisor> advisors, String requirement, String consequence) {
        for (Advisor advisor : advisors) {
            if (MEMORY.isInstance(advisor)) {
                throw new IllegalStateException(guard.getName() + " must be " + requirement
                        + " the chat memory, but was of order "
                        + guard.getOrder() + ", and " + advisor.getName() + " of order " + advisor.getOrder() + ", "
                        + consequence);
            }
        }
    }

    private static int indexOf(Advisor guard, List<? extends Advisor> chain) {
        for (int i = 0; i < chain.size(); i++) {
            if (chain.get(i) == guard) {
                return i;
            }
        }
        return -1;
    }
}
