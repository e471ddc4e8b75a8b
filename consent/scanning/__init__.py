"""What does a browser keep and ask for on a site's pages before a choice, after refusal and after acceptance?"""
