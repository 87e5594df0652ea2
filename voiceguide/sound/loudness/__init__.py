"""How loud sound is (meter, by ITU-R BS.1770), how loud a session is to be (level), and peaks kept below a ceiling."""
