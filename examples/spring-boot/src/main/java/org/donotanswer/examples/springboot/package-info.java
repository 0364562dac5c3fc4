/** A chatbot with Spring Boot and Spring AI whose answers are guarded. */
@NullMarked
package org.donotanswer.examples.springboot;

import org.jspecify.annotations.NullMarked;
