exports.main_handler = async (event) => event;
