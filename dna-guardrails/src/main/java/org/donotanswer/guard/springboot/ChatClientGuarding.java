package org.donotanswer.guard.springboot;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.springai.InstructionAdvisor;
import org.donotanswer.guard.springai.SafetyAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Gives the advisors to every builder of chat clients that is a bean, the application's own included. Spring AI's customizers
 * would reach its own builder only, and have another name in each line: one that is no longer called would leave chatbots
 * without a guard, and nobody the wiser.
 */
final class ChatClientGuarding implements BeanPostProcessor {
    private final ObjectProvider<SafetyAdvisor> advisors;
    private final ObjectProvider<InstructionAdvisor> instructionAdvisors;

    ChatClientGuarding(ObjectProvider<SafetyAdvisor> advisors, ObjectProvider<InstructionAdvisor> instructionAdvisors) {
        this.advisors = advisors;
        this.instructionAdvisors = instructionAdvisors;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof ChatClient.Builder builder) {
            List<Advisor> all = new ArrayList<>(advisors.orderedStream().toList());
            all.addAll(instructionAdvisors.orderedStream().toList());
            builder.defaultAdvisors(all);
        }
        return bean;
    }
}
