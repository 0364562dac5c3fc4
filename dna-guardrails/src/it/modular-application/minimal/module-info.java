module minimal {
    requires org.donotanswer.guard;
}
